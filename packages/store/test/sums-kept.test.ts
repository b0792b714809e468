// Sums stand in for rows: they must follow what the engine does to rows that are summed, and outlive them and a crash.

import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { DeliveryStatus } from '@posthorn/domain/delivery/delivery-status';
import { statsBuckets } from '@posthorn/domain/stats/stats-buckets';
import { uuidMoment } from '@posthorn/domain/uuid-time';
import { type Arranged, arrange, operatorAct } from '@posthorn/testkit/arrange';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { eventually } from '@posthorn/testkit/eventually';
import { holdLock } from '@posthorn/testkit/hold-lock';
import { runSql } from '@posthorn/testkit/run-sql';
import { v7 } from 'uuid';
import { advanceSums } from '../src/engine/advance-sums.ts';
import { claimDeliveries } from '../src/engine/claim-deliveries.ts';
import type { ClaimedDelivery } from '../src/engine/claimed-delivery.ts';
import { detachPartition } from '../src/engine/detach-partition.ts';
import { foldSumChanges } from '../src/engine/fold-sum-changes.ts';
import { listPartitions } from '../src/engine/list-partitions.ts';
import { recordAttempts } from '../src/engine/record-attempts.ts';
import { removeDetached } from '../src/engine/remove-detached.ts';
import { takeOverInterrupted } from '../src/engine/take-over-interrupted.ts';
import { createProfileFinder } from '../src/find-profile.ts';
import { listAllAttempts } from '../src/operator/list-all-attempts.ts';
import { readStats } from '../src/operator/read-stats.ts';
import { replayDelivery } from '../src/operator/replay-delivery.ts';
import { cancelDelivery } from '../src/tenant/cancel-delivery.ts';
import { listDeliveries } from '../src/tenant/list-deliveries.ts';
import { scopeToTenant } from '../src/tenant/scope-to-tenant.ts';
import { type AgedEvents, ageEvents, attemptOf, daysAgo } from './age-events.ts';
import { expectCounted } from './count-stats.ts';

let databaseUrl: string;
let arranged: Arranged;
let aged: AgedEvents;
let tenantId: string;
beforeEach(async () => {
  databaseUrl = await createTestDatabase();
  arranged = arrange(databaseUrl);
  aged = ageEvents(arranged, databaseUrl);
  tenantId = await arranged.tenant();
  await arranged.endpoint(tenantId, 'https://one.example');
  await aged.addWeeks(2);
});
afterEach(() => arranged.close());

const sumAll = () => eventually(async () => (await advanceSums(arranged.database)) === 'idle');
const scopeOf = (range: keyof typeof statsBuckets) => ({ tenantId, endpointId: null, ...statsBuckets[range] });
const read = () => readStats(arranged.database, scopeOf('7d'));

/** What the lists of the API have, row by row. */
async function listed() {
  const database = scopeToTenant(arranged.database, tenantId);
  const { rows } = await listDeliveries(database, { limit: 200, before: null }, {});
  const request = { limit: 200, before: null, maxLookedAt: 10_000 };
  const attempts = await listAllAttempts(arranged.database, { id: tenantId, database }, request, { isAnswered: false });
  return {
    deliveries: rows.map(({ id, endpointId, status }) => ({
      id,
      endpointId,
      atMs: uuidMoment(id).getTime(),
      status: status as DeliveryStatus,
    })),
    attempts: attempts.rows.map(({ startedAt, outcome, responseStatus, durationMs, ...row }) => ({
      endpointId: row.endpointId,
      atMs: startedAt.getTime(),
      ok: outcome === 'succeeded',
      answeredMs: responseStatus === null ? null : durationMs,
    })),
  };
}

async function expectListed(): Promise<void> {
  const made = await listed();
  for (const range of ['1h', '24h', '7d'] as const)
    expectCounted(await readStats(arranged.database, scopeOf(range)), scopeOf(range), made);
}

async function claim(ids: readonly string[]): Promise<ClaimedDelivery[]> {
  const requests = ids.map((deliveryId) => ({ deliveryId, generation: 0 }));
  const claims = await claimDeliveries(arranged.database, requests, {
    token: v7(),
    dispatcherId: null,
    marginMs: 10_000,
  });
  return claims.flatMap((result) => (result.kind === 'claimed' ? [result.delivery] : []));
}

test('What is recorded late, taken over, cancelled or replayed in a time that is summed is in the figures at once', async () => {
  const rows = await aged.post(tenantId, daysAgo(2), 6);
  const [first, second, third, fourth, fifth] = rows.map(({ deliveryId }) => deliveryId) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const [frozen, failing, killed] = await claim([first, second, third]);
  if (!frozen || !failing || !killed) throw new Error('Not claimed');
  await sumAll();
  await expectListed();
  const startedAt = new Date(Date.now() - 30 * 60_000);
  const late = { ...attemptOf(frozen, { status: 'succeeded' }), startedAt, durationMs: 3_001 };
  const slow = { ...attemptOf(failing, { status: 'retrying', delayMs: 0 }), startedAt, responseStatus: null };
  expect(await recordAttempts(arranged.database, [late, slow])).toMatchObject([
    { kind: 'recorded' },
    { kind: 'recorded' },
  ]);
  await expectListed();
  const long = `leased_at = now() - interval '5 hours', lease_until = now() - interval '4 hours'`;
  await runSql(databaseUrl, `UPDATE deliveries SET ${long} WHERE id = $1`, [third]);
  await runSql(databaseUrl, `UPDATE claims SET expires_at = now() - interval '4 hours'`);
  const taken = await takeOverInterrupted(arranged.database, createProfileFinder(arranged.database));
  expect(taken.interrupted).toBe(1);
  await expectListed();
  const act = operatorAct('delivery', 'dlv_test');
  await cancelDelivery(scopeToTenant(arranged.database, tenantId), tenantId, fourth, act);
  await expectListed();
  expect((await replayDelivery(arranged.database, tenantId, fifth, act)).kind).not.toBe('not_found');
  await expectListed();
  const noted = () =>
    runSql(databaseUrl, 'SELECT 1 FROM delivery_sum_changes UNION ALL SELECT 1 FROM attempt_sum_changes');
  expect((await noted()).length).toBeGreaterThan(0);
  await foldSumChanges(arranged.database);
  expect(await noted()).toEqual([]);
  await expectListed();
});

test('Summing that dies with its connection, at its last moment, has done nothing, and the next call does it', async () => {
  await aged.deliver(await aged.post(tenantId, daysAgo(3), 5));
  await aged.post(tenantId, daysAgo(1), 4);
  for (const step of ['skip', 'begin', 'settle']) expect(await advanceSums(arranged.database)).toBe(step);
  // Moving the mark is the end of it.
  const release = await holdLock(databaseUrl, 'SELECT 1 FROM sum_progress FOR UPDATE');
  const dying = eventually(async () => (await advanceSums(arranged.database)) !== 'wait').then(
    () => 'done',
    () => 'died',
  );
  const writing = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ~ 'SET summed_before'`;
  const [writer] = await eventually(async () => {
    const found = await runSql<{ pid: number }>(databaseUrl, writing);
    return found.length > 0 && found;
  });
  const figures = await read();
  await runSql(databaseUrl, 'SELECT pg_terminate_backend($1)', [writer?.pid]);
  await release();
  // Trying again is what the upkeep does.
  expect(await dying).toBe('done');
  expect(await runSql(databaseUrl, 'SELECT 1 FROM sum_progress WHERE summed_before < noted_before')).toEqual([]);
  expect({ ...(await read()), nowMs: 0, overdue: 0 }).toEqual({ ...figures, nowMs: 0, overdue: 0 });
  await expectListed();
});

test('What the retention removes stays in the figures of its time, and what it keeps goes on changing them', async () => {
  const at = daysAgo(2);
  const claims = await claim((await aged.post(tenantId, at, 3)).map(({ deliveryId }) => deliveryId));
  const ended = claims.map((each) => ({ ...attemptOf(each, { status: 'succeeded' }), startedAt: at }));
  await recordAttempts(arranged.database, ended);
  const [open] = await aged.post(tenantId, at);
  await sumAll();
  const before = await read();
  const { attached } = await listPartitions(arranged.database);
  const partition = attached.find(({ starts, ends }) => starts <= at && ends > at);
  if (!partition) throw new Error('No partition of two days ago');
  expect(await detachPartition(arranged.database, partition)).toMatchObject({ kind: 'detached', kept: 1 });
  expect(await removeDetached(arranged.database, partition.suffix)).toMatchObject({ deliveries: 3 });
  expect((await listed()).deliveries).toHaveLength(1);
  const figures = ({ made, buckets, endpoints, p95Ms }: typeof before) => ({ made, buckets, endpoints, p95Ms });
  expect(figures(await read())).toEqual(figures(before));
  const [claimed] = await claim([open?.deliveryId ?? '']);
  await recordAttempts(arranged.database, claimed ? [attemptOf(claimed, { status: 'succeeded' })] : []);
  expect((await read()).made.map(({ status, count }) => [status, count])).toEqual([['succeeded', 4]]);
});

test('Whoever reads while it is summed reads the same figures', async () => {
  for (let hour = 1; hour <= 40; hour += 1) await aged.deliver(await aged.post(tenantId, daysAgo(hour / 24)));
  const counts = async () => {
    const { made, buckets } = await read();
    return [made.map(({ atMs, count }) => `${atMs} ${count}`).sort(), buckets];
  };
  const before = await counts();
  let summing = true;
  const summed = eventually(async () => (await advanceSums(arranged.database, 1)) === 'idle', 60_000).finally(() => {
    summing = false;
  });
  let reads = 0;
  for (; summing; reads += 1) expect(await counts()).toEqual(before);
  await summed;
  expect(reads).toBeGreaterThan(10);
}, 90_000);

test('Sums of buckets that no range shows go', async () => {
  await aged.deliver(await aged.post(tenantId, daysAgo(3), 2));
  await sumAll();
  await runSql(databaseUrl, `UPDATE delivery_sums SET at = at - interval '8 days'`);
  await runSql(databaseUrl, `UPDATE attempt_sums SET at = at - interval '8 days'`);
  await runSql(databaseUrl, `UPDATE sum_progress SET summed_before = noted_before - interval '1 minute'`);
  await eventually(async () => (await advanceSums(arranged.database)) === 'sum');
  expect(await runSql(databaseUrl, 'SELECT at FROM delivery_sums UNION ALL SELECT at FROM attempt_sums')).toEqual([]);
});
