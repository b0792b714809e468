// The API dies between two of its steps.
import { expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import { runSql } from '@posthorn/testkit/run-sql';
import { countOpen } from './check-invariants.ts';
import { type KillPoint, points } from './kill-points.ts';
import { MAX_NTH, REPAIR_MS, SOUND, TAKE_OVER_MS, useKillRun } from './use-kill-run.ts';

/** One thousand each: more than what is cancelled together with the disabling. */
const BACKLOG_BATCHES = 21;
const CLEAN = { ...SOUND, duplicates: 0 };

const run = useKillRun();

/** The API is replaced by one that dies at the point, while a dispatcher works. */
async function replaceApi(point: KillPoint) {
  await run.startDispatcher();
  return run.replaceApi(point);
}

test('Before an event’s commit: no 202, and nothing of it is there', async () => {
  const victim = await replaceApi(points.acceptBefore);
  await run.post(MAX_NTH);
  await run.died(victim);
  await run.replaceApi();
  await run.post(3);
  expect(await run.settle('API: before the commit', REPAIR_MS)).toEqual(CLEAN);
  const [row] = await runSql<{ n: number }>(run.databaseUrl, 'SELECT count(*)::int AS n FROM events');
  expect(row?.n).toBe(run.acknowledged.length);
});

test('Between the commit and the job: delivered within 5 s, although its caller never heard of it', async () => {
  const victim = await replaceApi(points.acceptAfter);
  await run.post(MAX_NTH);
  await run.died(victim);
  expect(await run.settle('API: after the commit', REPAIR_MS)).toEqual(CLEAN);
  expect(run.receiver.requests).toHaveLength(run.acknowledged.length + 1);
});

test('Between a transition’s commit and the jobs of its events: they are delivered, the transition stays', async () => {
  const victim = await replaceApi(points.transitionAfter);
  const at = '/v1/lifecycles/connection/c-1/transitions';
  const asked = { to: 'propagating', data: { hostname: 'a', setup_type: 'automatic' } };
  await run.call('POST', at, asked).catch(() => undefined);
  await run.died(victim);
  expect(await run.settle('API: after a transition', REPAIR_MS)).toEqual(CLEAN);
  expect(run.receiver.requests).toHaveLength(1);
  await run.replaceApi();
  expect(await run.call('GET', '/v1/lifecycles/connection/c-1')).toMatchObject({ state: 'propagating', version: 1 });
});

test('Between a replay’s commit and its job: it is sent', async () => {
  await run.startDispatcher();
  await run.post(1);
  await eventually(async () => expect(await countOpen(run.databaseUrl)).toBe(0));
  const victim = await run.replaceApi(points.replayAfter);
  const { data } = (await run.call('GET', '/v1/webhook-deliveries')) as unknown as { data: { id: string }[] };
  await run.call('POST', `/v1/webhook-deliveries/${data[0]?.id}/replay`).catch(() => undefined);
  await run.died(victim);
  expect(await run.settle('API: after a replay', REPAIR_MS)).toEqual(CLEAN);
  expect(run.receiver.requests).toHaveLength(2);
});

test('Between the disabling of an endpoint and the end of its backlog: the backlog is cancelled, nothing is sent', async () => {
  const victim = await run.replaceApi(points.disabledBefore);
  for (let round = 0; round < BACKLOG_BATCHES; round += 1) await run.postBatch(1_000);
  await run.call('PATCH', `/v1/webhook-endpoints/${run.endpointId}`, { status: 'disabled' }).catch(() => undefined);
  await run.died(victim);
  expect(await countOpen(run.databaseUrl)).toBeGreaterThan(0);
  await run.startDispatcher(null, { DISPATCHER_CONCURRENCY: '64' });
  expect(await run.settle('API: in the disabling of an endpoint', TAKE_OVER_MS)).toEqual(CLEAN);
  expect(await run.statuses()).toEqual({ cancelled: BACKLOG_BATCHES * 1_000 });
  expect(run.receiver.requests).toHaveLength(0);
});
