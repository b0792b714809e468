import type { Queue } from 'bullmq';
import { Cluster } from 'ioredis';
import type { RedisClient } from './connect-redis.ts';

/** What a node of a cluster says to a client that does not follow it elsewhere; ioredis has no class for this error. */
const isMoved = (error: unknown): boolean => error instanceof Error && error.message.startsWith('MOVED ');

/**
 * Whether Redis answers for each shard: of a Redis Cluster whoever holds its slot.
 *
 * @throws when one does not answer, and when the server turns out to be a node of a cluster that holds only some shards
 */
export async function askEveryShard(redis: RedisClient, queues: readonly Pick<Queue, 'toKey'>[]): Promise<void> {
  const answers = queues.map((queue) => redis.exists(queue.toKey('meta')));
  try {
    await Promise.all(answers);
  } catch (error) {
    if (redis instanceof Cluster || !isMoved(error)) throw error;
    const cure = 'REDIS_URL must list several, or end with ?cluster=true';
    throw new Error(`This Redis is a node of a Redis Cluster: ${cure}`, { cause: error });
  }
}
