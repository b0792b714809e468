// Events, deliveries and attempts lie in partitions of time: what is there, who adds them, and what they cost a statement.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { uuidFloor } from '@posthorn/domain/uuid-time';
import { type Arranged, operatorAct } from '@posthorn/testkit/arrange';
import { runSql } from '@posthorn/testkit/run-sql';
import { v7 } from 'uuid';
import { acceptEvents } from '../src/engine/accept-events.ts';
import { addPartitions } from '../src/engine/add-partitions.ts';
import { claimDeliveries } from '../src/engine/claim-deliveries.ts';
import { claimParked } from '../src/engine/claim-parked.ts';
import { listDueDeliveries } from '../src/engine/list-due-deliveries.ts';
import { listParkedEndpoints, PARKED_START } from '../src/engine/list-parked-endpoints.ts';
import { listPartitions } from '../src/engine/list-partitions.ts';
import { parkDeliveries } from '../src/engine/park-deliveries.ts';
import { readOpenSpan } from '../src/engine/read-open-span.ts';
import { recordAttempts } from '../src/engine/record-attempts.ts';
import { renewGeneration } from '../src/engine/renew-generation.ts';
import type { Database } from '../src/open-database.ts';
import { replayDelivery } from '../src/operator/replay-delivery.ts';
import { type AgedEvents, attemptOf, daysAgo, openAged, requestAt } from './age-events.ts';
import { touchedPartitions } from './touched-partitions.ts';

const DAY_MS = 86_400_000;
const lease = () => ({ token: v7(), dispatcherId: null, marginMs: 10_000 });

let databaseUrl: string;
let arranged: Arranged;
let aged: AgedEvents;
let tenantId: string;
let endpointId: string;
beforeEach(async () => {
  ({ databaseUrl, arranged, aged, tenantId, endpointId } = await openAged());
});
afterEach(() => arranged.close());

describe('A row', () => {
  test('lies in the partition of its time, an attempt in that of its delivery', async () => {
    await aged.addWeeks(4);
    const { attached } = await listPartitions(arranged.database);
    for (const { suffix, starts, ends } of attached.slice(0, 5)) {
      for (const at of [starts, new Date(Math.min(ends.getTime(), Date.now()) - 1)]) {
        const [row] = await aged.post(tenantId, at);
        expect(await aged.deliver(row ? [row] : [])).toBe(1);
        expect(await aged.tableOf('events', row?.eventId ?? '')).toBe(`events${suffix}`);
        expect(await aged.tableOf('deliveries', row?.deliveryId ?? '')).toBe(`deliveries${suffix}`);
        expect(await aged.tableOf('attempts', row?.deliveryId ?? '')).toBe(`attempts${suffix}`);
      }
    }
  });

  test.each([
    ['long ago', () => daysAgo(4_000)],
    ['of the first moment', () => new Date(0)],
    ['of years ahead', () => daysAgo(-4_000)],
    ['of the last year', () => new Date('9999-12-31T00:00:00Z')],
  ])('%s, by a clock that is far off, is accepted and delivered all the same', async (_, at) => {
    const when = at();
    const [row] = await aged.post(tenantId, when);
    expect(await aged.tableOf('events', row?.eventId ?? '')).toBe('events_default');
    expect(await aged.deliver(row ? [row] : [])).toBe(1);
  });

  test('of a time in which nobody added partitions is accepted and delivered all the same', async () => {
    const { attached } = await listPartitions(arranged.database);
    for (const { suffix } of attached)
      await runSql(databaseUrl, `DROP TABLE attempts${suffix}, deliveries${suffix}, events${suffix}`);
    const rows = await aged.post(tenantId, new Date(), 3);
    expect(await aged.deliver(rows)).toBe(3);
    expect(await aged.tableOf('deliveries', rows[0]?.deliveryId ?? '')).toBe('deliveries_default');
  });
});

describe('Partitions', () => {
  test('are there from the start for now and a week, and more are added before they are needed', async () => {
    const { attached } = await listPartitions(arranged.database);
    expect(attached[0]?.starts.getTime()).toBeLessThanOrEqual(Date.now());
    const [start] = await runSql<{ at: Date }>(databaseUrl, 'SELECT max(finished_at) AS at FROM _prisma_migrations');
    expect(attached.at(-1)?.ends.getTime()).toBeGreaterThan((start?.at.getTime() ?? Infinity) + 7 * DAY_MS);
    const last = attached.at(-1)?.suffix;
    await runSql(databaseUrl, `DROP TABLE attempts${last}, deliveries${last}, events${last}`);
    expect(await addPartitions(arranged.database, 30)).toBeGreaterThan(0);
    const { attached: now } = await listPartitions(arranged.database);
    expect(now.at(-1)?.ends.getTime()).toBeGreaterThanOrEqual(Date.now() + 3 * DAY_MS);
    for (const [index, { ends }] of now.slice(0, -1).entries()) expect(now[index + 1]?.starts).toEqual(ends);
    expect(await addPartitions(arranged.database, 30)).toBe(0);
  });

  test('are added once, however many dispatchers are at it', async () => {
    const last = (await listPartitions(arranged.database)).attached.at(-1)?.suffix;
    await runSql(databaseUrl, `DROP TABLE attempts${last}, deliveries${last}, events${last}`);
    const added = await Promise.all(Array.from({ length: 4 }, () => addPartitions(arranged.database, 8)));
    const there = (await listPartitions(arranged.database)).attached.length;
    expect(added.reduce((sum, count) => sum + count, 0)).toBe(there - 1);
  });

  test('take over what the default partition has of their time', async () => {
    const { attached } = await listPartitions(arranged.database);
    const [stray] = await aged.post(tenantId, new Date(Date.now() + 40 * DAY_MS));
    expect(await aged.tableOf('events', stray?.eventId ?? '')).toBe('events_default');
    const starts = attached.at(-1)?.ends as Date;
    const ends = new Date(starts.getTime() + 60 * DAY_MS);
    await runSql(databaseUrl, 'SELECT add_partition($1, $2)', [starts, ends]);
    expect(await aged.tableOf('events', stray?.eventId ?? '')).toMatch(/^events_[0-9]{8}$/);
    expect(await aged.deliver(stray ? [stray] : [])).toBe(1);
  });

  test('each have what guards their rows: an attempt has a delivery', async () => {
    const attempts = await runSql<{ table: string; delivery: string }>(
      databaseUrl,
      `SELECT conrelid::regclass::text AS table, confrelid::regclass::text AS delivery FROM pg_constraint
       WHERE contype = 'f' AND conrelid::regclass::text ~ '^attempts_'`,
    );
    const { attached } = await listPartitions(arranged.database);
    const suffixes = ['_default', ...attached.map(({ suffix }) => suffix)];
    expect(attempts.map(({ table }) => table).sort()).toEqual(suffixes.map((suffix) => `attempts${suffix}`).sort());
    for (const { table, delivery } of attempts) expect(delivery).toBe(table.replace('attempts', 'deliveries'));
  });
});

describe('However many partitions there are', () => {
  let current = '';
  beforeEach(async () => {
    await aged.addWeeks(12);
    const { attached } = await listPartitions(arranged.database);
    current = attached.find(({ ends }) => ends > new Date())?.suffix ?? '';
  });
  const touched = (run: (tx: Database) => Promise<unknown>) => touchedPartitions(arranged.database, run);
  const ofNow = (...parents: string[]): string[] => parents.map((parent) => `${parent}${current}`);

  test('accepting, claiming, recording, parking and renewing touch those of their rows alone', async () => {
    const rows = await arranged.events(tenantId, 5);
    const requests = rows.map(({ id, generation }) => ({ deliveryId: id, generation }));
    const plain = [requestAt(tenantId, new Date())];
    expect(await touched((tx) => acceptEvents(tx, plain))).toEqual(ofNow('deliveries', 'events'));
    let claimed: Awaited<ReturnType<typeof claimDeliveries>> = [];
    const claiming = async (tx: Database) => {
      claimed = await claimDeliveries(tx, requests, lease());
    };
    expect(await touched(claiming)).toEqual(ofNow('deliveries', 'events'));
    const records = claimed.flatMap((result) =>
      result.kind === 'claimed' ? [attemptOf(result.delivery, { status: 'retrying', delayMs: 0 })] : [],
    );
    expect(records).toHaveLength(5);
    expect(await touched((tx) => recordAttempts(tx, records))).toEqual(ofNow('attempts', 'deliveries'));
    expect(await touched((tx) => renewGeneration(tx, rows))).toEqual(ofNow('deliveries'));
    expect(await touched((tx) => parkDeliveries(tx, requests))).toEqual(ofNow('deliveries'));
  });

  test('open deliveries are sought where there are any', async () => {
    const [row] = await arranged.events(tenantId, 5);
    await parkDeliveries(arranged.database, [{ deliveryId: row?.id ?? '', generation: 0 }]);
    const span = await readOpenSpan(arranged.database);
    const { attached } = await listPartitions(arranged.database);
    const near = attached.filter(({ starts, ends }) => ends > daysAgo(1) && starts < daysAgo(-1));
    const allowed = near.map(({ suffix }) => `deliveries${suffix}`);
    for (const look of [
      (tx: Database) => listDueDeliveries(tx, 0, null, 10, span),
      (tx: Database) => listParkedEndpoints(tx, PARKED_START, { tenants: 10, endpoints: 10 }, span),
      (tx: Database) => claimParked(tx, [{ tenantId, endpointId, limit: 10 }], lease(), span),
    ]) {
      const found = (await touched(look)).filter((name) => name.startsWith('deliveries'));
      expect(found).toContain(`deliveries${current}`);
      expect(allowed).toEqual(expect.arrayContaining(found));
    }
  });

  test('an old delivery that is still open is among what is sought', async () => {
    const [old] = await aged.post(tenantId, daysAgo(60));
    const found = async () =>
      (await listDueDeliveries(arranged.database, 0, null, 10, await readOpenSpan(arranged.database))).rows.length;
    expect(await found()).toBe(1);
    await aged.deliver(old ? [old] : []);
    expect(await found()).toBe(0);
    const [lost] = await aged.post(tenantId, daysAgo(4_000));
    expect(await found()).toBe(1);
    await aged.deliver(lost ? [lost] : []);
    expect(await found()).toBe(0);
  });

  test('while no partition holds what is made now, nothing is left out', async () => {
    await runSql(databaseUrl, `DROP TABLE attempts${current}, deliveries${current}, events${current}`);
    const next = (await listPartitions(arranged.database)).attached.at(-1)?.starts as Date;
    await aged.post(tenantId, new Date());
    await runSql(databaseUrl, 'UPDATE deliveries SET id = uuid_v7_at($1)', [next]);
    const { from, to } = await readOpenSpan(arranged.database);
    const made = uuidFloor(new Date());
    expect([from <= made, made <= to]).toEqual([true, true]);
  });

  test('a delivery whose event is of another time is claimed with those whose is not', async () => {
    const [old] = await aged.post(tenantId, daysAgo(30));
    const [fresh] = await arranged.events(tenantId, 1);
    await aged.deliver(old ? [old] : []);
    const replayed = await replayDelivery(
      arranged.database,
      tenantId,
      old?.deliveryId ?? '',
      operatorAct('delivery', 'dlv'),
    );
    if (replayed.kind !== 'replayed') throw new Error(replayed.kind);
    const requests = [replayed.delivery.id, fresh?.id ?? '', v7()].map((deliveryId) => ({ deliveryId, generation: 0 }));
    const results = await claimDeliveries(arranged.database, requests, lease());
    expect(results).toMatchObject([
      { kind: 'claimed', delivery: { eventId: old?.eventId, payload: expect.any(String) } },
      { kind: 'claimed', delivery: { id: fresh?.id } },
      { kind: 'stale' },
    ]);
  });
});
