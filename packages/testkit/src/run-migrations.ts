import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const script = fileURLToPath(new URL('../../store/dist/migrate-main.js', import.meta.url));

/** Runs the migration step as operators do, in a process of its own. @returns what it printed */
export async function runMigrations(databaseUrl: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [script], {
    env: { ...process.env, DATABASE_URL: databaseUrl },
  });
  return stdout.trim();
}
