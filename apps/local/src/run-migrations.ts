import { runCommand } from '@posthorn/local-services/run-command';
import type { Environment } from './read-config.ts';

const MIGRATE_TIMEOUT_MS = 600_000;

/** Brings the database's schema up to date. Throws with what the migration said when it fails. */
export async function runMigrations(file: string, environment: Environment): Promise<void> {
  const env = environment as NodeJS.ProcessEnv;
  const { code, stdout, stderr } = await runCommand(process.execPath, [file], { timeoutMs: MIGRATE_TIMEOUT_MS, env });
  if (code !== 0) throw new Error(`The database could not be brought up to date:\n${`${stdout}${stderr}`.trim()}`);
}
