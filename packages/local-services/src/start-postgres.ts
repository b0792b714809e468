import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { awaitPostgres } from './await-postgres.ts';
import { choosePostgresUser } from './choose-postgres-user.ts';
import { clearStalePostmaster } from './clear-stale-postmaster.ts';
import { freePort } from './free-port.ts';
import { initCluster } from './init-cluster.ts';
import { keepSecret } from './keep-secret.ts';
import { type LaunchedServer, launchServer } from './launch-server.ts';
import { findPostgresHome, placePostgresHome } from './place-postgres-home.ts';
import { POSTGRES_DATABASE, POSTGRES_ENV, POSTGRES_ROLE } from './postgres-names.ts';
import { preparePostgresBinaries } from './prepare-postgres-binaries.ts';
import { stopLeftover } from './stop-leftover.ts';
import type { StopStep } from './stop-process.ts';

const READY_TIMEOUT_MS = 120_000;
const START_TRIES = 3;
const START_AGAIN_AFTER_MS = 500;
const PASSWORD_BYTES = 24;
// SIGINT is PostgreSQL's "fast" shutdown, SIGQUIT its "immediate" one, which recovers at the next start.
const STOP_STEPS: StopStep[] = [
  { signal: 'SIGINT', waitMs: 15_000 },
  { signal: 'SIGQUIT', waitMs: 5_000 },
  { signal: 'SIGKILL', waitMs: 5_000 },
];
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  log_min_messages: 'log',
  log_checkpoints: 'off',
};
const NOT_DURABLE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** Where to keep the cluster, and how. `durable` false is for tests: fast, and lost with the machine's power. */
export interface PostgresOptions {
  dataDir: string;
  port?: number;
  log?: (line: string) => void;
  durable?: boolean;
}

/** A running PostgreSQL. `exited` resolves with a sentence when it ends, `stop` when it has ended. */
export interface RunningPostgres {
  url: string;
  port: number;
  pid: number;
  exited: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL that npm brought, on 127.0.0.1 alone, with its data under `dataDir`, and returns when it answers
 * queries. Works as root and not as root. A server left over by a launcher that was killed is stopped first.
 * Throws a message that says what to do when the cluster cannot be made, reached or started.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  mkdirSync(options.dataDir, { recursive: true });
  const dataDir = realpathSync(options.dataDir);
  const durable = options.durable ?? true;
  const recordFile = join(dataDir, 'postgres-process.json');
  const logFile = join(dataDir, 'postgres.log');
  const stopped = await stopLeftover(recordFile, STOP_STEPS);
  const user = await choosePostgresUser(join(findPostgresHome(dataDir), 'data'));
  const home = await placePostgresHome(dataDir, user);
  const binaries = await preparePostgresBinaries(home, user);
  const password = keepSecret(join(dataDir, 'postgres-password'), makePassword);
  const cluster = await initCluster({ binaries, home, user, password, durable });
  const cleared = stopped ?? (await clearStalePostmaster(cluster, STOP_STEPS));
  if (cleared !== undefined)
    options.log?.(`stopped a PostgreSQL (process ${cleared}) that an earlier start left running`);
  const program = { name: 'PostgreSQL', file: binaries.postgres, cwd: home, env: POSTGRES_ENV, user };
  const start = async (port: number) => {
    const command = {
      ...program,
      args: serverArguments(cluster, port, durable),
      logFile,
      recordFile,
      stopSteps: STOP_STEPS,
    };
    return readyOrStopped(await launchServer(command), port, password);
  };
  return startWithRetry(start, options.port, logFile);
}

function makePassword(): string {
  return randomBytes(PASSWORD_BYTES).toString('base64url');
}

function serverArguments(cluster: string, port: number, durable: boolean): string[] {
  const settings = { ...SETTINGS, port: String(port), ...(durable ? {} : NOT_DURABLE) };
  return ['-D', cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

async function readyOrStopped(
  server: LaunchedServer,
  port: number,
  password: string,
): Promise<RunningPostgres | undefined> {
  const url = `postgresql://${POSTGRES_ROLE}:${password}@127.0.0.1:${port}/${POSTGRES_DATABASE}`;
  try {
    const ready = await awaitPostgres(url, server.hasExited, READY_TIMEOUT_MS);
    return ready ? { url, port, pid: server.pid, exited: server.exited, stop: server.stop } : undefined;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

// Another process may take the free port first, and the last backends of a killed server need a moment to go.
async function startWithRetry(
  start: (port: number) => Promise<RunningPostgres | undefined>,
  port: number | undefined,
  logFile: string,
): Promise<RunningPostgres> {
  for (let attempt = 0; attempt < START_TRIES; attempt++) {
    const running = await start(port ?? (await freePort()));
    if (running) return running;
    await new Promise((resolve) => setTimeout(resolve, START_AGAIN_AFTER_MS));
  }
  throw new Error(`PostgreSQL does not start. Its log, ${logFile}, says:\n${readFileSync(logFile, 'utf8').trim()}`);
}
