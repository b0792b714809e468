import { Redis } from 'ioredis';

/** An empty Redis database of this test worker's own, on the run's server. @returns its URL */
export async function claimTestRedis(): Promise<string> {
  const serverUrl = process.env['TEST_REDIS_URL'];
  if (!serverUrl) throw new Error('No Redis for tests: run them with npm test');
  const url = `${serverUrl.replace(/\/\d*$/, '')}/${process.env['JEST_WORKER_ID'] ?? '1'}`;
  const redis = new Redis(url, { retryStrategy: () => null });
  await redis.flushdb();
  await redis.quit();
  return url;
}
