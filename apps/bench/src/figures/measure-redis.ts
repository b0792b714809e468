import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Numbers } from '../figure.ts';
import { openQueue } from '../parts/clear-backlog.ts';
import { postEvents } from '../parts/post-events.ts';
import { rounded } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';

const ENDPOINTS = 10;
const POSTERS = 4;
const LOOK_MS = 250;
const BYTES_PER_MB = 1e6;
/** How long a dispatcher runs beside what waits. */
const DISPATCHER_MS = 60_000;

/** All of them wait for their next attempt, at some time of the next hour; made by hand, since attempts would take hours. */
const LET_WAIT = `
  UPDATE deliveries SET status = 'retrying', attempts = 1, parked = false, due_at = now() + random() * interval '1 hour',
                        lease_token = NULL, leased_at = NULL, lease_until = NULL
  WHERE status IN ('pending', 'retrying')`;
const COUNT_LATE = `
  SELECT count(*)::int AS late FROM deliveries
  WHERE status IN ('pending', 'retrying') AND due_at < now() - interval '5 seconds'`;

/**
 * MB of Redis, at the most, while that many deliveries are due and no dispatcher runs, and while a dispatcher runs beside as many
 * that wait for their next attempt, to endpoints that refuse; with how many jobs there are then, and how many are late by 5 s.
 */
export async function measureRedis(system: System, deliveries: number): Promise<Numbers> {
  const queue = await openQueue(system.redisUrl);
  const client = new pg.Client({ connectionString: system.databaseUrl });
  await client.connect();
  const mostWhile = async (work: () => Promise<unknown>): Promise<number> => {
    const ended = work().then(() => true);
    for (let most = 0; ; ) {
      const info = String(await queue.command('INFO', 'memory'));
      most = Math.max(most, Number(/used_memory:(\d+)/.exec(info)?.[1]) / BYTES_PER_MB);
      if (await Promise.race([ended, delay(LOOK_MS, false)])) return rounded(most, 1);
    }
  };
  const jobs = async (): Promise<number> =>
    Object.values(await queue.countJobs()).reduce((sum, count) => sum + count, 0);

  const key = await system.tenant();
  for (let index = 0; index < ENDPOINTS; index += 1) {
    await system.post('/v1/webhook-endpoints', key, { url: `${system.receiver.url}/fail?${index}`, events: [] });
  }
  const events = deliveries / ENDPOINTS / POSTERS;
  const due = await mostWhile(() =>
    Promise.all(Array.from({ length: POSTERS }, () => postEvents(system, key, events))),
  );
  const dueJobs = await jobs();
  await client.query(LET_WAIT);
  await client.query('VACUUM ANALYZE deliveries');
  const dispatcher = await system.startDispatcher();
  const waiting = await mostWhile(() => delay(DISPATCHER_MS));
  const waitingJobs = await jobs();
  const { rows } = await client.query<{ late: number }>(COUNT_LATE);
  await dispatcher.stop();
  await client.end();
  await queue.close();
  return { due, due_jobs: dueJobs, waiting, waiting_jobs: waitingJobs, late: rows[0]?.late ?? Number.NaN };
}
