import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type AptFolder, downloadPackages, hasApt, unpackPackages, updatePrivateLists } from './apt-packages.ts';
import { type RedisBinary, redisBinary } from './redis-binary.ts';

const FLAVOURS = ['redis', 'valkey'];
// Libraries that need libraries that need libraries: more rounds than that have never been seen.
const LIBRARY_ROUNDS = 4;
// These come with the system's own loader; a second copy beside it would break the program.
const NEVER_UNPACKED = /^(libc6|libgcc-s1|libstdc\+\+6)$/;

/**
 * Gets a Redis (or Valkey) from the system's package manager into `cacheDir`, without root and without installing it:
 * apt-get downloads, dpkg-deb unpacks. A later call finds what is there.
 * Returns the program, or the reason why there is none.
 */
export async function unpackRedis(cacheDir: string, log: (line: string) => void): Promise<RedisBinary | string> {
  const kept = await unpackedIn(cacheDir);
  if (kept) return kept;
  if (!hasApt()) return 'there is no apt-get to unpack one with';
  log("no Redis on this machine: unpacking one from the system's packages, without installing it (first start only)");
  const work = `${cacheDir}.${process.pid}`;
  mkdirSync(work, { recursive: true });
  try {
    const failure = await fetchAnyFlavour({ folder: work, lists: [] }, log);
    if (failure !== undefined) return failure;
    rmSync(cacheDir, { recursive: true, force: true });
    renameSync(join(work, 'root'), cacheDir);
    return (await unpackedIn(cacheDir)) ?? 'the unpacked one does not run';
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function fetchAnyFlavour(apt: AptFolder, log: (line: string) => void): Promise<string | undefined> {
  const failures: string[] = [];
  for (const flavour of FLAVOURS) {
    const failure = await fetchFlavour(apt, flavour);
    if (failure === undefined) return undefined;
    failures.push(failure);
  }
  if (apt.lists.length > 0) return failures.join('; ');
  log('fetching the package lists into the data folder');
  return fetchAnyFlavour({ ...apt, lists: await updatePrivateLists(apt.folder) }, log);
}

async function fetchFlavour(apt: AptFolder, flavour: string): Promise<string | undefined> {
  const root = join(apt.folder, 'root');
  const seen = new Set([`${flavour}-server`, `${flavour}-tools`]);
  let wanted = [...seen];
  for (let round = 0; round < LIBRARY_ROUNDS && wanted.length > 0; round++) {
    const failure = await downloadPackages(apt, wanted);
    if (failure !== undefined) return failure;
    const libraries = await unpackPackages(apt.folder, root);
    if (await unpackedIn(root)) return undefined;
    wanted = libraries.filter((name) => !seen.has(name) && !NEVER_UNPACKED.test(name));
    for (const name of wanted) seen.add(name);
  }
  return `the unpacked ${flavour}-server does not run`;
}

async function unpackedIn(root: string): Promise<RedisBinary | undefined> {
  const libraries = libraryFolders(root);
  for (const flavour of FLAVOURS) {
    const file = join(root, 'usr', 'bin', `${flavour}-server`);
    const binary = existsSync(file) ? await redisBinary(file, libraries) : undefined;
    if (binary) return binary;
  }
  return undefined;
}

function libraryFolders(root: string): string[] {
  const bases = [join(root, 'usr', 'lib'), join(root, 'lib')].filter((base) => existsSync(base));
  return bases.flatMap((base) => {
    const inside = readdirSync(base, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [base, ...inside.map((entry) => join(base, entry.name))].filter(holdsLibraries);
  });
}

function holdsLibraries(folder: string): boolean {
  return readdirSync(folder).some((name) => name.includes('.so'));
}
