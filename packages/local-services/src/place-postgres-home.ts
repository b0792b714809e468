import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PosixUser } from './posix-user.ts';
import { runCommand } from './run-command.ts';

const PROBE_TIMEOUT_MS = 5_000;
// A clone under /root (mode 0700) is out of the postgres user's reach; these are in everyone's.
const FOLDERS_ELSEWHERE = ['/var/lib', '/var/tmp', tmpdir()];

/** Where the cluster of this data folder lives now or will live, without making anything. */
export function findPostgresHome(dataDir: string): string {
  return recordedHome(dataDir) ?? join(dataDir, 'postgres');
}

/**
 * Makes sure of a folder that `user` can reach and write, for the cluster: inside the data folder where that is
 * possible, else in a system folder, with its place noted in the data folder (`postgres-home`). An existing cluster
 * moves along. Throws when no place can be had.
 */
export async function placePostgresHome(dataDir: string, user: PosixUser | undefined): Promise<string> {
  const home = findPostgresHome(dataDir);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  if (user === undefined) return home;
  chownSync(home, user.uid, user.gid);
  return (await canWrite(home, user)) ? home : moveElsewhere(dataDir, home, user);
}

async function moveElsewhere(dataDir: string, home: string, user: PosixUser): Promise<string> {
  for (const folder of FOLDERS_ELSEWHERE) {
    const place = tryMakeFolder(folder, user);
    if (place === undefined) continue;
    if (await canWrite(place, user)) return adopt(dataDir, home, place);
    rmSync(place, { recursive: true });
  }
  throw new Error(
    `PostgreSQL runs as user id ${user.uid}, which cannot reach ${home}, and no other folder of ` +
      `${FOLDERS_ELSEWHERE.join(', ')} will do. Set DATA_DIR to a folder that this user can reach, or set DATABASE_URL.`,
  );
}

function tryMakeFolder(folder: string, user: PosixUser): string | undefined {
  try {
    const place = mkdtempSync(join(folder, 'posthorn-'));
    chownSync(place, user.uid, user.gid);
    return place;
  } catch {
    return undefined;
  }
}

function adopt(dataDir: string, home: string, place: string): string {
  const cluster = join(home, 'data');
  if (existsSync(cluster)) renameSync(cluster, join(place, 'data'));
  rmSync(home, { recursive: true });
  writeFileSync(join(place, 'data-folder'), realpathSync(dataDir));
  writeFileSync(join(dataDir, 'postgres-home'), place);
  return place;
}

// A copied data folder must not share the original's cluster; a moved one keeps it.
function recordedHome(dataDir: string): string | undefined {
  const record = join(dataDir, 'postgres-home');
  if (!existsSync(record)) return undefined;
  const place = readFileSync(record, 'utf8').trim();
  const ownerFile = join(place, 'data-folder');
  if (!existsSync(ownerFile)) return undefined;
  const owner = readFileSync(ownerFile, 'utf8').trim();
  if (owner === realpathSync(dataDir)) return place;
  if (existsSync(join(owner, 'postgres-home'))) return undefined;
  writeFileSync(ownerFile, realpathSync(dataDir));
  return place;
}

async function canWrite(folder: string, user: PosixUser): Promise<boolean> {
  const probe = ['-c', 'cd "$1" && test -w .', 'sh', folder];
  return (await runCommand('/bin/sh', probe, { timeoutMs: PROBE_TIMEOUT_MS, cwd: '/', user })).code === 0;
}
