// Generates the Prisma client without a download: `prisma generate` asks for a native schema engine that it never
// runs, so any existing file will do; closed networks cannot fetch the real one.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const cli = join(dirname(createRequire(import.meta.url).resolve('prisma/package.json')), 'build', 'index.js');
const { status } = spawnSync(process.execPath, [cli, 'generate', '--config', 'prisma/prisma.config.ts', '--no-hints'], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
  env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, ...process.env, CHECKPOINT_DISABLE: '1' },
});
process.exit(status ?? 1);
