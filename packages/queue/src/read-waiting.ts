import type { Queue } from 'bullmq';
import type { RedisClient } from './connect-redis.ts';
import type { NextJob } from './pace-room.ts';
import { sumCounts } from './sum-counts.ts';

/** Jobs that wait to be taken. */
export interface WaitingJobs {
  readonly count: number;
  /** The one that has waited longest; `null` where none waits, or what is next has run before, whose age tells nothing. */
  readonly next: NextJob | null;
}

/** The next one of a shard: a queue's list is taken from its end. */
async function readNext(redis: RedisClient, queue: Pick<Queue, 'toKey'>): Promise<NextJob | null> {
  const id = await redis.lindex(queue.toKey('wait'), -1);
  if (id === null) return null;
  const [madeAt, begunAt] = await redis.hmget(queue.toKey(id), 'timestamp', 'processedOn');
  return madeAt && !begunAt ? { id, waitedMs: Math.max(0, Date.now() - Number(madeAt)) } : null;
}

/** Asks every shard. @throws when one does not answer */
export async function readWaiting(redis: RedisClient, queues: readonly Queue[]): Promise<WaitingJobs> {
  const [counts, heads] = await Promise.all([
    Promise.all(queues.map((queue) => redis.llen(queue.toKey('wait')))),
    Promise.all(queues.map((queue) => readNext(redis, queue))),
  ]);
  const next = heads.reduce((oldest, head) => (head && head.waitedMs > (oldest?.waitedMs ?? -1) ? head : oldest), null);
  return { count: sumCounts(counts), next };
}
