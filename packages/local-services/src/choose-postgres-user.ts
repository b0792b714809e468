import { statSync } from 'node:fs';
import type { PosixUser } from './posix-user.ts';
import { runCommand } from './run-command.ts';

const LOOKUP_TIMEOUT_MS = 5_000;
// initdb insists on a user that has a name, so a bare number will not do.
const CANDIDATES = ['postgres', 'nobody', 'daemon'];

/**
 * The user PostgreSQL runs as: undefined (this one) unless this process is root, which PostgreSQL refuses. For root
 * it is the owner of the cluster in `clusterDir` where one exists, else an unprivileged user that every system has.
 * Throws when root has no such user.
 */
export async function choosePostgresUser(clusterDir: string): Promise<PosixUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(clusterDir, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  for (const name of CANDIDATES) {
    const [uid, gid] = await Promise.all([lookUp('-u', name), lookUp('-g', name)]);
    if (uid && gid) return { uid, gid };
  }
  throw new Error(
    `PostgreSQL refuses to run as root, and none of the users ${CANDIDATES.join(', ')} exists here. ` +
      'Create one (useradd --system postgres), start as another user, or set DATABASE_URL.',
  );
}

async function lookUp(flag: string, name: string): Promise<number | undefined> {
  const { code, stdout } = await runCommand('id', [flag, name], { timeoutMs: LOOKUP_TIMEOUT_MS });
  return code === 0 ? Number(stdout) : undefined;
}
