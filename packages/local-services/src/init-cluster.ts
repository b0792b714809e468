import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PosixUser } from './posix-user.ts';
import { POSTGRES_ENV, POSTGRES_ROLE } from './postgres-names.ts';
import type { PostgresBinaries } from './prepare-postgres-binaries.ts';
import { runCommand } from './run-command.ts';

const INITDB_TIMEOUT_MS = 120_000;
const ARGUMENTS = [
  `--username=${POSTGRES_ROLE}`,
  '--auth-host=scram-sha-256',
  '--auth-local=scram-sha-256',
  '--encoding=UTF8',
  // Built into PostgreSQL, so that sorting does not depend on the locales of the machine.
  '--no-locale',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--set=timezone=UTC',
  '--set=log_timezone=UTC',
];

/** Everything a cluster is made from. `durable` false skips the writes' way to the disk. */
export interface ClusterPlan {
  binaries: PostgresBinaries;
  home: string;
  user: PosixUser | undefined;
  password: string;
  durable: boolean;
}

/**
 * Makes the PostgreSQL cluster `home`/data unless it is there. Returns its folder.
 * Throws when initdb fails, or when the cluster belongs to another major version of PostgreSQL.
 */
export async function initCluster(plan: ClusterPlan): Promise<string> {
  const cluster = join(plan.home, 'data');
  const versionFile = join(cluster, 'PG_VERSION');
  if (!existsSync(versionFile)) await makeCluster(plan, cluster);
  const version = readFileSync(versionFile, 'utf8').trim();
  if (version === plan.binaries.major) return cluster;
  throw new Error(
    `${cluster} holds data of PostgreSQL ${version}, and this release brings ${plan.binaries.major}. Dump it with the ` +
      'previous release (pg_dump), remove the folder and restore, or set DATABASE_URL.',
  );
}

// Made beside its place and renamed, so that an interrupted initdb is never taken for a cluster.
async function makeCluster(plan: ClusterPlan, cluster: string): Promise<void> {
  const half = `${cluster}.half`;
  const passwordFile = join(plan.home, 'initdb-password');
  rmSync(half, { recursive: true, force: true });
  writeFileSync(passwordFile, plan.password, { mode: 0o600 });
  if (plan.user) chownSync(passwordFile, plan.user.uid, plan.user.gid);
  try {
    const args = ['-D', half, `--pwfile=${passwordFile}`, ...ARGUMENTS, ...(plan.durable ? [] : ['--no-sync'])];
    const options = { timeoutMs: INITDB_TIMEOUT_MS, cwd: plan.home, env: POSTGRES_ENV, user: plan.user };
    const { code, stderr } = await runCommand(plan.binaries.initdb, args, options);
    if (code !== 0) throw new Error(initdbFailed(cluster, stderr));
    renameSync(half, cluster);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function initdbFailed(cluster: string, stderr: string): string {
  return (
    `PostgreSQL could not make its data folder ${cluster}:\n${stderr.trim()}\n` +
    'Cure that (initdb needs a user with a name, and room on the disk), or set DATABASE_URL to another PostgreSQL.'
  );
}
