import { provideRedis, type RunningRedis } from '@posthorn/local-services/provide-redis';
import { type RunningPostgres, startPostgres } from '@posthorn/local-services/start-postgres';
import { keepRunning } from './keep-running.ts';
import type { LocalConfig } from './read-config.ts';
import type { Stoppable } from './stop-stack.ts';

/** Where the databases are, and what was started for it, in the order in which it should be pushed to be stopped. */
export interface Databases {
  databaseUrl: string;
  redisUrl: string;
  started: Stoppable[];
}

/** Who hears of progress, and of a database that will not stay up. */
export interface Listeners {
  say: (line: string) => void;
  giveUp: (reason: string) => void;
}

/**
 * Starts PostgreSQL and Redis side by side, each unless its URL was given, and keeps them running on their ports.
 * Throws when one cannot be started; the other is stopped then.
 */
export async function startDatabases(config: LocalConfig, listeners: Listeners): Promise<Databases> {
  const [postgres, redis] = await Promise.allSettled([ownPostgres(config, listeners), ownRedis(config, listeners)]);
  if (postgres.status === 'fulfilled' && redis.status === 'fulfilled') {
    const started = [...postgres.value.part, ...redis.value.part];
    return { databaseUrl: postgres.value.url, redisUrl: redis.value.url, started };
  }
  for (const result of [postgres, redis]) {
    if (result.status === 'fulfilled') for (const part of result.value.part) await part.stop();
  }
  throw postgres.status === 'rejected' ? postgres.reason : (redis as PromiseRejectedResult).reason;
}

interface Provided {
  url: string;
  part: Stoppable[];
}

async function ownPostgres(config: LocalConfig, { say, giveUp }: Listeners): Promise<Provided> {
  if (config.databaseUrl !== undefined) return { url: config.databaseUrl, part: [] };
  const name = 'PostgreSQL';
  const start = (before?: RunningPostgres) => startPostgres({ dataDir: config.dataDir, log: say, ...portOf(before) });
  const { first, stop } = await keepRunning({ name, start, say, giveUp });
  say(`${name} 18 is up on port ${first.port}`);
  return { url: first.url, part: [{ name, stop }] };
}

async function ownRedis(config: LocalConfig, { say, giveUp }: Listeners): Promise<Provided> {
  if (config.redisUrl !== undefined) return { url: config.redisUrl, part: [] };
  const name = 'Redis';
  const options = {
    dataDir: config.dataDir,
    log: say,
    ...(config.search === undefined ? {} : { search: config.search }),
  };
  const start = (before?: RunningRedis) => provideRedis({ ...options, ...portOf(before) });
  const { first, stop } = await keepRunning({ name, start, say, giveUp });
  say(`${name} (${first.kind}) is up on port ${first.port}`);
  return { url: first.url, part: [{ name, stop }] };
}

// The others know its address already, so it must come back on the same port.
function portOf(before: { port: number } | undefined): { port?: number } {
  return before === undefined ? {} : { port: before.port };
}
