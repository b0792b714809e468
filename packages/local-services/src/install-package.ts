import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const INSTALL_MS = 300_000;

/**
 * Installs a Debian package that tests need. Only root may, and only Debian and its like have it under that name.
 *
 * @returns why it could not be done, in one line; `null`: it was
 */
export async function installPackage(name: string, what: string, log: (line: string) => void): Promise<string | null> {
  if (process.getuid?.() !== 0) return 'installing it needs root';
  log(`installing ${name} for ${what} (once)`);
  try {
    await run('apt-get', ['update'], { timeout: INSTALL_MS });
    await run('apt-get', ['install', '--yes', '--no-install-recommends', name], { timeout: INSTALL_MS });
    return null;
  } catch (error) {
    return `apt-get could not install it (${error instanceof Error ? error.message.split('\n')[0] : String(error)})`;
  }
}
