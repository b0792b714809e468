import { findProgram } from './find-program.ts';
import { installPackage } from './install-package.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

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
  const found = findProgram(search, NAMES);
  if (found !== undefined) return found;
  const reason = await installPackage('chromium', 'the tests of the console', log);
  const installed = reason === null ? findProgram(search, NAMES) : undefined;
  if (installed !== undefined) return installed;
  throw new Error(
    `The tests of the console need a browser, and there is no Chromium or Chrome on the PATH; ${reason ?? 'it was installed elsewhere'}. ` +
      'Install the package chromium, or run the other tests alone: npm test -- --testPathIgnorePatterns test/console',
  );
}
