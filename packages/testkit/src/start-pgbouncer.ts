import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choosePostgresUser } from '@posthorn/local-services/choose-postgres-user';
import { findProgram } from '@posthorn/local-services/find-program';
import { installPackage } from '@posthorn/local-services/install-package';
import { launchServer } from '@posthorn/local-services/launch-server';
import { claimPort } from './claim-port.ts';
import { eventually } from './eventually.ts';
import { runSql } from './run-sql.ts';

/** A PgBouncer in front of a PostgreSQL, in transaction mode. */
export interface PgBouncer {
  /** The same database, through it; Posthorn wants `pgbouncer=true` besides. */
  readonly url: string;
  close(): Promise<void>;
}

async function findPgbouncer(): Promise<string> {
  const search = `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin`;
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const found = findProgram(search, ['pgbouncer']);
  if (found !== undefined) return found;
  const reason = await installPackage('pgbouncer', 'its tests', log);
  const installed = findProgram(search, ['pgbouncer']);
  if (installed !== undefined) return installed;
  throw new Error(
    `These tests need PgBouncer, and it is not on the PATH; ${reason ?? 'it was installed elsewhere'}. ` +
      'Install the package pgbouncer, or run the other tests alone: npm test -- --testPathIgnorePatterns pgbouncer',
  );
}

const describeConfig = (folder: string, port: number, server: URL, poolSize: number): string => `
[databases]
* = host=${server.hostname} port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${join(folder, 'users')}
admin_users = ${server.username}
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 500
`;

/**
 * Starts a PgBouncer on loopback.
 *
 * @param poolSize connections to PostgreSQL that all clients share
 * @throws when there is none and none can be installed, with what to do
 */
export async function startPgbouncer(databaseUrl: string, poolSize: number): Promise<PgBouncer> {
  const [file, port, user] = [await findPgbouncer(), await claimPort(), await choosePostgresUser('')];
  const server = new URL(databaseUrl);
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-pgbouncer-'));
  const config = join(folder, 'pgbouncer.ini');
  writeFileSync(config, describeConfig(folder, port, server, poolSize));
  writeFileSync(join(folder, 'users'), `"${server.username}" "${decodeURIComponent(server.password)}"\n`);
  // It refuses to run as root.
  if (user) for (const path of [folder, config, join(folder, 'users')]) chownSync(path, user.uid, user.gid);
  const running = await launchServer({
    name: 'PgBouncer',
    file,
    args: [config],
    cwd: folder,
    user,
    logFile: join(folder, 'log'),
    recordFile: join(folder, 'process.json'),
    stopSteps: [
      { signal: 'SIGTERM', waitMs: 5_000 },
      { signal: 'SIGKILL', waitMs: 5_000 },
    ],
  });
  const url = new URL(databaseUrl);
  url.port = String(port);
  await eventually(() => runSql(url.href, 'SELECT 1').then(() => true));
  return {
    url: url.href,
    async close() {
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
