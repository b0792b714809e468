// What `npm run db:migrate` runs: one step, before any process of a new version starts.
import { migrate } from './migrate/migrate.ts';

const databaseUrl = process.env['DATABASE_URL'];
if (!databaseUrl) {
  console.error(
    'DATABASE_URL is not set: name the PostgreSQL database, for example postgresql://user:password@host:5432/posthorn',
  );
  process.exit(1);
}
try {
  const applied = await migrate(databaseUrl);
  console.log(applied.length > 0 ? `Applied ${applied.join(', ')}` : 'The database is up to date');
  process.exit(0);
} catch (error) {
  console.error(`The database could not be migrated: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
