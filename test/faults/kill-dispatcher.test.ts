// A dispatcher dies in what it does besides attempts: parking, repairing, taking over, recovering, disabling.
import { expect, test } from '@jest/globals';
import { commandRedis } from '@posthorn/testkit/command-redis';
import { eventually } from '@posthorn/testkit/eventually';
import { countOpen } from './check-invariants.ts';
import { type KillPoint, points } from './kill-points.ts';
import { REPAIR_MS, SOUND, TAKE_OVER_MS, useKillRun } from './use-kill-run.ts';

/** More than memory takes for one endpoint, one request at a time. */
const CROWD = 120;
const EVENTS = 12;
const LONGEST_TIMEOUT_MS = 60_000;
const SENT_AGAIN_MS = 40_000;
const run = useKillRun();

/** A dispatcher dies in its one request, which the receiver has and never answers; it answers the next. */
async function killInRequest(): Promise<void> {
  run.receiver.answer(() => undefined);
  const victim = await run.startDispatcher();
  await run.post(1);
  await eventually(() => expect(run.receiver.requests).toHaveLength(1));
  await victim.stop('SIGKILL');
  run.receiver.answer(200);
}

test.each([
  { window: 'before parking what has no room in memory', point: points.parkBefore },
  { window: 'after parking it', point: points.parkAfter },
  { window: 'between claim and send of what was parked', point: points.feedAfter },
])('$window: all of it arrives', async ({ window, point }: { window: string; point: KillPoint }) => {
  run.receiver.answer((response) => void setTimeout(() => response.writeHead(200).end(), 20));
  const victim = await run.startDispatcher(point, { DISPATCHER_CONCURRENCY: '32', ENDPOINT_CONCURRENCY: '1' });
  await run.postBatch(CROWD);
  await run.died(victim);
  const inFlight = await run.inFlight();
  await run.startDispatcher();
  const { duplicates, ...findings } = await run.settle(`dispatcher: ${window}`, TAKE_OVER_MS);
  expect(findings).toEqual(SOUND);
  // One request at a time; of an endpoint that is quick the next one goes while answers are recorded.
  expect(duplicates).toBeLessThanOrEqual(inFlight);
  expect(inFlight).toBeLessThan(CROWD / 4);
  expect(await run.statuses()).toEqual({ succeeded: CROWD });
});

test('In a request that may take a minute: it is sent again within 40 s, long before its lease would run out', async () => {
  await run.register('connect-domain', LONGEST_TIMEOUT_MS);
  await killInRequest();
  await run.startDispatcher();
  const findings = await run.settle('dispatcher: in a request that may take a minute', SENT_AGAIN_MS);
  expect(findings).toEqual({ ...SOUND, duplicates: 1 });
  expect(await run.outcomes()).toEqual(['interrupted', 'succeeded']);
});

test('Between a new generation and its jobs: another makes them', async () => {
  await run.post(EVENTS);
  await eventually(async () => expect(await countOpen(run.databaseUrl)).toBe(EVENTS));
  await commandRedis(run.redisUrl, 'FLUSHDB');
  await run.died(await run.startDispatcher(points.renewAfter));
  await run.startDispatcher();
  expect(await run.settle('dispatcher: after a new generation', REPAIR_MS)).toEqual({ ...SOUND, duplicates: 0 });
});

test('Between taking over for a dead one and making the jobs: another makes them', async () => {
  await killInRequest();
  await run.died(await run.startDispatcher(points.takeOverAfter));
  await run.startDispatcher();
  expect(await run.settle('dispatcher: after a take-over', REPAIR_MS)).toEqual({ ...SOUND, duplicates: 1 });
});

test('Between a chunk of a recovery and its jobs: the recovery goes on, each delivery is replayed once', async () => {
  run.receiver.answer(410);
  const first = await run.startDispatcher();
  await run.register('standard-webhooks');
  await run.post(1, 'webhook.test', {});
  await eventually(async () => expect(await run.statuses()).toEqual({ failed: 1 }));
  const at = `/v1/webhook-endpoints/${run.endpointId}`;
  await run.call('PATCH', at, { status: 'enabled' });
  await first.stop();
  run.receiver.answer(200);
  const { id } = await run.call('POST', `${at}/recover`, { since: '1970-01-01T00:00:00Z' });
  await run.died(await run.startDispatcher(points.recoverAfter));
  await run.startDispatcher();
  expect(await run.settle('dispatcher: after a chunk of a recovery', REPAIR_MS)).toEqual({ ...SOUND, duplicates: 0 });
  await eventually(async () => expect(await run.call('GET', `/v1/recoveries/${id}`)).toMatchObject({ status: 'done' }));
  expect(await run.statuses()).toEqual({ failed: 1, succeeded: 1 });
});

test('Between an endpoint’s disabling and the end of its backlog: the backlog is cancelled', async () => {
  run.receiver.answer(410);
  await run.register('standard-webhooks');
  const victim = await run.startDispatcher(points.exhaustedBefore);
  await run.postBatch(20, 'webhook.test');
  await run.died(victim);
  await run.startDispatcher();
  await eventually(async () => expect(await countOpen(run.databaseUrl)).toBe(0), TAKE_OVER_MS);
  expect(await run.statuses()).toEqual({ failed: 1, cancelled: 19 });
  expect(run.receiver.requests).toHaveLength(1);
});
