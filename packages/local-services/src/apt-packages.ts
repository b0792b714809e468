import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './run-command.ts';

const UPDATE_TIMEOUT_MS = 90_000;
const DOWNLOAD_TIMEOUT_MS = 60_000;
const UNPACK_TIMEOUT_MS = 60_000;
const NETWORK = ['-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=10', '-o', 'Acquire::https::Timeout=10'];

/** Gets Debian packages without root. `folder` receives them; `lists` are options that name private package lists. */
export interface AptFolder {
  folder: string;
  lists: string[];
}

/** Whether this machine has what it takes. */
export function hasApt(): boolean {
  return ['/usr/bin/apt-get', '/usr/bin/dpkg-deb'].every((file) => existsSync(file));
}

/**
 * Fetches the package lists into `folder` rather than the system's, which only root may write.
 * Some of the sources may fail: whether the rest is enough shows when a package is downloaded.
 */
export async function updatePrivateLists(folder: string): Promise<string[]> {
  const lists = join(folder, 'apt-lists');
  const cache = join(folder, 'apt-cache');
  mkdirSync(join(lists, 'partial'), { recursive: true });
  mkdirSync(join(cache, 'archives', 'partial'), { recursive: true });
  const options = ['-o', `Dir::State::lists=${lists}/`, '-o', `Dir::Cache=${cache}/`, ...sandbox()];
  await runCommand('apt-get', ['update', '-qq', ...NETWORK, ...options], { timeoutMs: UPDATE_TIMEOUT_MS });
  return options;
}

/** Downloads the packages by name. Returns undefined, or why it failed, in one line. */
export async function downloadPackages(apt: AptFolder, names: string[]): Promise<string | undefined> {
  const args = ['download', '-qq', ...NETWORK, ...sandbox(), ...apt.lists, ...names];
  const { code, stderr } = await runCommand('apt-get', args, { timeoutMs: DOWNLOAD_TIMEOUT_MS, cwd: apt.folder });
  return code === 0 ? undefined : (stderr.trim().split('\n')[0] ?? '');
}

/** Unpacks every downloaded package into `root`, without installing any. Returns the libraries they depend on. */
export async function unpackPackages(folder: string, root: string): Promise<string[]> {
  const libraries = new Set<string>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.deb'))) {
    const deb = join(folder, file);
    const limits = { timeoutMs: UNPACK_TIMEOUT_MS };
    await runCommand('dpkg-deb', ['-x', deb, root], limits);
    const { stdout } = await runCommand('dpkg-deb', ['-f', deb, 'Depends'], limits);
    for (const name of stdout.match(/\blib[a-z0-9.+-]+/g) ?? []) libraries.add(name);
  }
  return [...libraries];
}

// As root, apt would drop to a user that cannot write here, and warn.
function sandbox(): string[] {
  return process.getuid?.() === 0 ? ['-o', 'APT::Sandbox::User=root'] : [];
}
