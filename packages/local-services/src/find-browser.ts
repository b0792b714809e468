import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const INSTALL_MS = 300_000;

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const onPath = (search: string): string | undefined =>
  search
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find(isProgram);

/** Only root may, and only Debian and its like have it under this name. @returns why it could not be done */
async function install(log: (line: string) => void): Promise<string | null> {
  if (process.getuid?.() !== 0) return 'installing it needs root';
  log('installing chromium for the tests of the console (once)');
  try {
    await run('apt-get', ['update'], { timeout: INSTALL_MS });
    await run('apt-get', ['install', '--yes', '--no-install-recommends', 'chromium'], { timeout: INSTALL_MS });
    return null;
  } catch (error) {
    return `apt-get could not install it (${error instanceof Error ? error.message.split('\n')[0] : String(error)})`;
  }
}

export interface BrowserOptions {
  readonly log: (line: string) => void;
  /** A PATH to look in. */
  readonly search: string;
}

/**
 * Finds a Chromium or Chrome on this machine, or installs one where that is possible.
 *
 * @returns its path @throws when there is none, with what to do
 */
export async function findBrowser({ log, search }: BrowserOptions): Promise<string> {
  const found = onPath(search);
  if (found !== undefined) return found;
  const reason = await install(log);
  const installed = reason === null ? onPath(search) : undefined;
  if (installed !== undefined) return installed;
  throw new Error(
    `The tests of the console need a browser, and there is no Chromium or Chrome on the PATH; ${reason ?? 'it was installed elsewhere'}. ` +
      'Install the package chromium, or run the other tests alone: npm test -- --testPathIgnorePatterns test/console',
  );
}
