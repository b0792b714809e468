import { defineConfig } from 'prisma/config';

// Only for the Prisma CLI (generate, studio, migrate deploy); the product itself migrates with `npm run db:migrate`.
export default defineConfig({
  schema: 'schema.prisma',
  migrations: { path: 'migrations' },
  datasource: { url: process.env.DATABASE_URL ?? '' },
});
