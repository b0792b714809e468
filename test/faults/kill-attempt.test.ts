// A dispatcher dies between two steps of an attempt.
import { expect, test } from '@jest/globals';
import { type KillPoint, points } from './kill-points.ts';
import { SOUND, TAKE_OVER_MS, useKillRun } from './use-kill-run.ts';

const EVENTS = 12;
const run = useKillRun();

/** Posts, lets a dispatcher die at the point, and starts another one. */
async function dieAt(point: KillPoint): Promise<void> {
  const victim = await run.startDispatcher(point);
  await run.post(EVENTS);
  await run.died(victim);
  await run.startDispatcher();
  await run.post(3);
}

test('Between claim and send: the attempt reads interrupted and counts, the request goes out once', async () => {
  await dieAt(points.claimAfter);
  expect(await run.settle('dispatcher: after the claim', TAKE_OVER_MS)).toEqual({ ...SOUND, duplicates: 0 });
  expect(await run.outcomes()).toEqual(['interrupted', 'succeeded']);
});

test('With the request built and not sent: as above', async () => {
  await dieAt(points.sendBefore);
  expect(await run.settle('dispatcher: before the send', TAKE_OVER_MS)).toEqual({ ...SOUND, duplicates: 0 });
  expect(await run.outcomes()).toEqual(['interrupted', 'succeeded']);
});

test('Between the answer and its classification: that one request comes twice, no other', async () => {
  await dieAt(points.sendAfter);
  expect(await run.settle('dispatcher: after the answer', TAKE_OVER_MS)).toEqual({ ...SOUND, duplicates: 1 });
  expect(await run.outcomes()).toEqual(['interrupted', 'succeeded']);
});

test('Before the record: that one request comes twice, no other', async () => {
  await dieAt(points.recordBefore);
  expect(await run.settle('dispatcher: before the record', TAKE_OVER_MS)).toEqual({ ...SOUND, duplicates: 1 });
  expect(await run.outcomes()).toEqual(['interrupted', 'succeeded']);
});

test('Between the record and the acknowledgement: nothing comes twice', async () => {
  await dieAt(points.recordAfter);
  expect(await run.settle('dispatcher: after the record', TAKE_OVER_MS)).toEqual({ ...SOUND, duplicates: 0 });
  expect(await run.outcomes()).toEqual(['succeeded']);
});
