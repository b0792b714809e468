import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provideRedis, type RunningRedis } from '@posthorn/local-services/provide-redis';
import { removeDataDir } from '@posthorn/local-services/remove-data-dir';
import { type RunningPostgres, startPostgres } from '@posthorn/local-services/start-postgres';
import { claimPort } from '@posthorn/testkit/claim-port';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { prepareTemplate } from '@posthorn/testkit/prepare-template';
import { type StartedProcess, startProcess } from '@posthorn/testkit/start-process';

/** One "minute" of the schedule. */
export const RIG_MINUTE_MS = 200;

/** Where the suite's PostgreSQL is. It is made once: that costs more than the rest of a rig, and each rig has a database of its own. */
let clusterDir: string | undefined;

/** Starts the suite's PostgreSQL; durable, unlike the run's own: what was answered must outlive a kill. */
async function startCluster(port: number): Promise<RunningPostgres> {
  if (clusterDir !== undefined) return startPostgres({ dataDir: clusterDir, port });
  const dataDir = mkdtempSync(join(tmpdir(), 'posthorn-rig-'));
  const postgres = await startPostgres({ dataDir, port });
  await prepareTemplate(postgres.url);
  clusterDir = dataDir;
  return postgres;
}

/** Removes what the suite's rigs left, once the last of them is closed. */
export function removeRigs(): void {
  if (clusterDir !== undefined) removeDataDir(clusterDir);
  clusterDir = undefined;
}

/** The product with a PostgreSQL and a Redis of its own, all of which may be killed, paused and started again. */
export interface Rig {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly apis: StartedProcess[];
  readonly dispatchers: StartedProcess[];
  /** @param more on top of the rig's environment; @param until see startProcess */
  startApi(more?: Readonly<Record<string, string>>, until?: 'ready' | 'alive'): Promise<StartedProcess>;
  startDispatcher(more?: Readonly<Record<string, string>>, until?: 'ready' | 'alive'): Promise<StartedProcess>;
  /** Sends a signal to every process of the PostgreSQL server. */
  signalPostgres(signal: NodeJS.Signals): void;
  startPostgres(): Promise<void>;
  signalRedis(signal: NodeJS.Signals): void;
  /** Starts it again, on its port, with what it kept on disk. */
  startRedis(): Promise<void>;
  close(): Promise<void>;
}

const childrenOf = (pid: number): number[] =>
  execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
    .split('\n')
    .map((line) => Number(line.trim()))
    .filter((child) => child > 0);

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended by itself, as a server's children do when it dies.
    }
  }
}

/** @param env on top of what API and dispatchers get */
export async function startRig(env: Readonly<Record<string, string>> = {}): Promise<Rig> {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthorn-rig-'));
  const redisOptions = {
    dataDir,
    cacheDir: process.env['TEST_REDIS_CACHE'] ?? dataDir,
    require: 'real' as const,
  };
  let postgres: RunningPostgres;
  let redis: RunningRedis;
  const ports = [await claimPort(), await claimPort()] as const;
  [postgres, redis] = await Promise.all([startCluster(ports[0]), provideRedis({ ...redisOptions, port: ports[1] })]);
  const { port: postgresPort } = postgres;
  const { port: redisPort, url: redisUrl } = redis;
  const databaseUrl = await createTestDatabase(postgres.url);
  const apis: StartedProcess[] = [];
  const dispatchers: StartedProcess[] = [];
  const shared = { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, RETRY_MINUTE_MS: String(RIG_MINUTE_MS), ...env };
  const start = async (
    app: 'api' | 'dispatcher',
    into: StartedProcess[],
    more: object = {},
    until: 'ready' | 'alive' = 'ready',
  ) => {
    const started = await startProcess(app, { ...shared, ...more }, until);
    into.push(started);
    return started;
  };
  return {
    databaseUrl,
    redisUrl,
    apis,
    dispatchers,
    startApi: (more, until) => start('api', apis, more, until),
    startDispatcher: (more, until) => start('dispatcher', dispatchers, more, until),
    signalPostgres(signal) {
      const pids = [postgres.pid, ...childrenOf(postgres.pid)];
      signalAll(pids, signal);
    },
    async startPostgres() {
      postgres = await startCluster(postgresPort);
    },
    signalRedis: (signal) => signalAll([redis.pid], signal),
    async startRedis() {
      redis = await provideRedis({ ...redisOptions, port: redisPort });
    },
    async close() {
      signalAll([postgres.pid, ...childrenOf(postgres.pid), redis.pid], 'SIGCONT');
      await Promise.all([...apis, ...dispatchers].map((started) => started.stop('SIGKILL')));
      await Promise.all([postgres.stop(), redis.stop()]);
      removeDataDir(dataDir);
    },
  };
}
