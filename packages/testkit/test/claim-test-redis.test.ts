import { expect, test } from '@jest/globals';
import { claimTestRedis } from '../src/claim-test-redis.ts';
import { commandRedis } from '../src/command-redis.ts';

test('A suite may empty its own database of the shared Redis, and not those of suites that run beside it', async () => {
  const url = await claimTestRedis();
  // No suite has the first database.
  const neighbour = url.replace(/\d+$/, '0');
  await commandRedis(url, 'SET', 'mine', '1');
  await commandRedis(neighbour, 'SET', 'theirs', '1');
  await expect(commandRedis(url, 'FLUSHALL')).rejects.toThrow('NOPERM');
  await commandRedis(url, 'FLUSHDB');
  expect(await commandRedis(url, 'DBSIZE')).toBe(0);
  expect(await commandRedis(neighbour, 'DEL', 'theirs')).toBe(1);
});
