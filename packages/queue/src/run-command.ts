import { Cluster } from 'ioredis';
import type { RedisClient } from './connect-redis.ts';

/** These change what a node knows, and name no key that would say which node. */
const OF_EVERY_NODE = new Set(['SCRIPT']);

/**
 * Runs one Redis command that is given by its name.
 *
 * @returns its answer; the first master's where all masters of a Redis Cluster run it
 */
export async function runCommand(redis: RedisClient, name: string, args: readonly string[]): Promise<unknown> {
  if (!(redis instanceof Cluster) || !OF_EVERY_NODE.has(name.toUpperCase())) return redis.call(name, ...args);
  const answers = await Promise.all(redis.nodes('master').map((node) => node.call(name, ...args)));
  return answers[0];
}
