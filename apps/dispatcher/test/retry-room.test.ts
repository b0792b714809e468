import { expect, test } from '@jest/globals';
import type { DeliveryJob } from '@posthorn/queue/delivery-job';
import { type ProcessJobDeps, processJob } from '../src/process-job.ts';
import { createRetryRoom, type RetryRoom } from '../src/retry-room.ts';

const MINUTE_MS = 60_000;
const job: DeliveryJob = { deliveryId: 'd', tenantId: 't', endpointId: 'e', generation: 0 };

/** What becomes of a job whose attempt failed and is to be made again after `retryInMs`. */
const verdictAfter = (retryInMs: number, room: ReturnType<typeof createRetryRoom>) => {
  const deps = {
    gate: { enter: async () => 'entered', leave: () => undefined },
    retryRoom: room,
    claim: async () => ({ kind: 'claimed', delivery: {} }),
    deliver: async () => ({ healthy: false, retryInMs, failed: false, reason: 'answered 500' }),
    mayRetry: () => false,
  } as unknown as ProcessJobDeps;
  return processJob(deps, job);
};

const still = (): number => 0;

test('Retries keep their job while there is room; without room the job ends, and the row alone waits', async () => {
  const room = createRetryRoom(still, 4);
  expect(await verdictAfter(MINUTE_MS, room)).toMatchObject({ kind: 'retry', delayMs: MINUTE_MS });
  expect(await verdictAfter(MINUTE_MS, room)).toMatchObject({ kind: 'retry' });
  expect(await verdictAfter(MINUTE_MS, room)).toEqual({ kind: 'done' });
});

test('A short wait always keeps its job, since a row without one may be found two seconds late', async () => {
  const room = createRetryRoom(still, 0);
  expect(await verdictAfter(5_000, room)).toMatchObject({ kind: 'retry', delayMs: 5_000 });
});

test('How many wait is measured anew, so room comes back as retries become due, and others count too', () => {
  const room = createRetryRoom(still, 2);
  expect([room.take('a', MINUTE_MS), room.take('b', MINUTE_MS), room.take('c', MINUTE_MS)]).toEqual([
    true,
    true,
    false,
  ]);
  room.measured(1);
  expect([room.take('c', MINUTE_MS), room.take('d', MINUTE_MS)]).toEqual([true, false]);
  room.measured(50);
  expect(room.take('e', MINUTE_MS)).toBe(false);
});

const takeAll = (room: RetryRoom, tenantId: string, delayMs = MINUTE_MS): number => {
  let taken = 0;
  while (taken < 10_000 && room.take(tenantId, delayMs)) taken += 1;
  return taken;
};

test('A tenant whose retries fill all that they may leaves room to the next, which leaves some to the one after', () => {
  const room = createRetryRoom(still, 1_000);
  expect([takeAll(room, 'a'), takeAll(room, 'b'), takeAll(room, 'c')]).toEqual([500, 250, 125]);
  expect(takeAll(room, 'a')).toBe(0);
});

test('Once its retries are due a tenant has its room again', () => {
  let now = 0;
  const room = createRetryRoom(() => now, 1_000);
  expect([takeAll(room, 'a', MINUTE_MS), takeAll(room, 'a', 2 * MINUTE_MS)]).toEqual([500, 0]);
  now = MINUTE_MS + 20_000;
  room.measured(0);
  expect(takeAll(room, 'a', MINUTE_MS)).toBe(500);
});
