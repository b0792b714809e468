// Redis answers, and its queue leads nowhere: what looks healthy from outside, and would wait for ever.
import { expect, test } from '@jest/globals';
import { commandRedis } from '@posthorn/testkit/command-redis';
import { SOUND, useKillRun } from './use-kill-run.ts';

const EVENTS = 12;
/** Due for 15 s with a job that nobody takes, then attempted directly, one at a time. */
const STUCK_MS = 30_000;
const run = useKillRun();

const keys = async (pattern: string): Promise<string[]> =>
  (await commandRedis(run.redisUrl, 'KEYS', pattern)) as string[];
const countJobs = async (): Promise<number> => {
  const lengths = await Promise.all((await keys('*:wait')).map((list) => commandRedis(run.redisUrl, 'LLEN', list)));
  return lengths.reduce<number>((sum, length) => sum + Number(length), 0);
};

test.each([
  {
    fault: 'its queue is paused by hand',
    async breakQueue() {
      for (const meta of await keys('*:meta')) await commandRedis(run.redisUrl, 'HSET', meta, 'paused', '1');
    },
  },
  {
    fault: 'its jobs are left, and the lists that lead to them are gone',
    async breakQueue() {
      await commandRedis(run.redisUrl, 'DEL', ...(await keys('*:wait')), ...(await keys('*:marker')));
    },
  },
])('Redis answers and $fault: all of it arrives, once', async ({ fault, breakQueue }) => {
  await run.post(EVENTS);
  expect(await countJobs()).toBe(EVENTS);
  await breakQueue();
  await run.startDispatcher();
  expect(await run.settle(`queue: ${fault}`, STUCK_MS)).toEqual({ ...SOUND, duplicates: 0 });
  expect(await run.statuses()).toEqual({ succeeded: EVENTS });
});
