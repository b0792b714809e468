import { expect, test } from '@jest/globals';
import type { DeliveryJob } from '@posthorn/queue/delivery-job';
import { type ProcessJobDeps, processJob } from '../src/process-job.ts';
import { createRetryRoom } from '../src/retry-room.ts';

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

test('Retries keep their job while there is room; without room the job ends, and the row alone waits', async () => {
  const room = createRetryRoom(2);
  expect(await verdictAfter(MINUTE_MS, room)).toMatchObject({ kind: 'retry', delayMs: MINUTE_MS });
  expect(await verdictAfter(MINUTE_MS, room)).toMatchObject({ kind: 'retry' });
  expect(await verdictAfter(MINUTE_MS, room)).toEqual({ kind: 'done' });
});

test('A short wait always keeps its job, since a row without one may be found two seconds late', async () => {
  const room = createRetryRoom(0);
  expect(await verdictAfter(5_000, room)).toMatchObject({ kind: 'retry', delayMs: 5_000 });
});

test('How many wait is measured anew, so room comes back as retries become due, and others count too', () => {
  const room = createRetryRoom(2);
  expect([room.take(MINUTE_MS), room.take(MINUTE_MS), room.take(MINUTE_MS)]).toEqual([true, true, false]);
  room.measured(1);
  expect([room.take(MINUTE_MS), room.take(MINUTE_MS)]).toEqual([true, false]);
  room.measured(50);
  expect(room.take(MINUTE_MS)).toBe(false);
});
