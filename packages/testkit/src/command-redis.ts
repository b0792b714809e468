import { Redis } from 'ioredis';

/** Runs one Redis command on a connection of its own. */
export async function commandRedis(url: string, name: string, ...args: string[]): Promise<unknown> {
  const redis = new Redis(url);
  try {
    return await redis.call(name, ...args);
  } finally {
    redis.disconnect();
  }
}
