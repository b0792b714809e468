// What is older than RETENTION_DAYS and ended goes, partition by partition; nothing else does, whatever happens meanwhile.
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Arranged, operatorAct } from '@posthorn/testkit/arrange';
import { eventually } from '@posthorn/testkit/eventually';
import { holdLock } from '@posthorn/testkit/hold-lock';
import { runSql } from '@posthorn/testkit/run-sql';
import { v7 } from 'uuid';
import { acceptEvents } from '../src/engine/accept-events.ts';
import { advanceRecovery } from '../src/engine/advance-recovery.ts';
import { claimDeliveries } from '../src/engine/claim-deliveries.ts';
import { detachPartition } from '../src/engine/detach-partition.ts';
import { expireKeys } from '../src/engine/expire-keys.ts';
import { expirePartitions } from '../src/engine/expire-partitions.ts';
import { MAX_KEPT } from '../src/engine/find-kept.ts';
import { foldLedger } from '../src/engine/fold-ledger.ts';
import { listPartitions, type Partition } from '../src/engine/list-partitions.ts';
import { removeDetached } from '../src/engine/remove-detached.ts';
import { createRecovery } from '../src/operator/create-recovery.ts';
import { readLedger } from '../src/operator/read-ledger.ts';
import { replayDelivery } from '../src/operator/replay-delivery.ts';
import { findDelivery } from '../src/tenant/find-delivery.ts';
import { findEvent } from '../src/tenant/find-event.ts';
import { listDeliveries } from '../src/tenant/list-deliveries.ts';
import { scopeToTenant } from '../src/tenant/scope-to-tenant.ts';
import { type Aged, type AgedEvents, daysAgo, openAged, requestAt } from './age-events.ts';

const RETENTION = 30;
const OVER = 60;
const act = operatorAct('delivery', 'dlv_test');

let databaseUrl: string;
let arranged: Arranged;
let aged: AgedEvents;
let tenantId: string;
let endpointId: string;
beforeEach(async () => {
  ({ databaseUrl, arranged, aged, tenantId, endpointId } = await openAged(12));
});
afterEach(() => arranged.close());

const ended = async (days: number, count = 1): Promise<Aged[]> => {
  const rows = await aged.post(tenantId, daysAgo(days), count);
  expect(await aged.deliver(rows)).toBe(count);
  return rows;
};
const expire = () => expirePartitions(arranged.database, RETENTION);
const idsOf = async (table: string): Promise<string[]> =>
  (await runSql<{ id: string }>(databaseUrl, `SELECT id FROM ${table} ORDER BY id`)).map(({ id }) => id);
const partitionOf = async (at: Date): Promise<Partition> => {
  const found = (await listPartitions(arranged.database)).attached.find(
    ({ starts, ends }) => starts <= at && ends > at,
  );
  if (!found) throw new Error(`No partition at ${at.toISOString()}`);
  return found;
};

/** What the ledger says is what the rows say, those of tables that are taken off among them, and what it says went. */
async function expectExact(): Promise<void> {
  const counted = { events: 0, deliveries: 0 };
  for (const suffix of (await listPartitions(arranged.database)).detached)
    for (const parent of ['events', 'deliveries'] as const)
      counted[parent] += (await idsOf(`${parent}${suffix}`)).length;
  const { eventsAccepted, deliveries, byStatus, dropped } = await readLedger(arranged.database, tenantId);
  const { database } = arranged;
  const where = { tenantId };
  expect(eventsAccepted).toBe((await database.event.count({ where })) + counted.events + dropped.events);
  expect(deliveries).toBe((await database.delivery.count({ where })) + counted.deliveries + dropped.deliveries);
  expect(Object.values(byStatus).reduce((sum, count) => sum + count, 0)).toBe(deliveries);
}

/** What a foreign key would hold. */
async function expectWhole(): Promise<void> {
  const orphans = await runSql(
    databaseUrl,
    `SELECT d.id FROM deliveries d LEFT JOIN events v ON v.id = d.event_id AND v.tenant_id = d.tenant_id WHERE v.id IS NULL
     UNION ALL
     SELECT a.id FROM attempts a LEFT JOIN deliveries d ON d.id = a.delivery_id WHERE d.id IS NULL`,
  );
  expect(orphans).toEqual([]);
}

describe('The retention', () => {
  test('removes what is over and ended, and only that; lists and views end earlier', async () => {
    const old = await ended(OVER, 3);
    const young = await ended(RETENTION - 9, 2);
    const fresh = await arranged.events(tenantId, 2);
    const before = await readLedger(arranged.database, tenantId);
    const { removed, waiting, busy } = await expire();
    expect({ waiting, busy }).toEqual({ waiting: [], busy: false });
    expect(removed.reduce((sum, { deliveries }) => sum + deliveries, 0)).toBe(3);
    expect(await idsOf('events')).toHaveLength(4);
    const left = [...young.map(({ deliveryId }) => deliveryId), ...fresh.map(({ id }) => id)];
    expect(await idsOf('deliveries')).toEqual(left.sort());
    expect(await runSql(databaseUrl, 'SELECT 1 FROM attempts')).toHaveLength(2);
    const scoped = scopeToTenant(arranged.database, tenantId);
    expect(await findDelivery(scoped, old[0]?.deliveryId ?? '')).toBeNull();
    expect(await findEvent(scoped, old[0]?.eventId ?? '')).toBeNull();
    expect(await findDelivery(scoped, young[0]?.deliveryId ?? '')).toMatchObject({ attemptLog: [{ number: 1 }] });
    const page = await listDeliveries(scoped, { limit: 10, before: left[1] ?? null }, {});
    expect(page).toMatchObject({ rows: [{ id: left[0] }], last: null });
    expect(await replayDelivery(arranged.database, tenantId, old[0]?.deliveryId ?? '', act)).toEqual({
      kind: 'not_found',
    });
    const after = await readLedger(arranged.database, tenantId);
    expect({ ...after, oldestDueMs: 0 }).toEqual({ ...before, oldestDueMs: 0, dropped: { events: 3, deliveries: 3 } });
    while ((await foldLedger(arranged.database)) > 0);
    await expectExact();
    expect(await expire()).toEqual({ detached: [], waiting: [], removed: [], strays: 0, busy: false });
  });

  test('keeps a partition until all of it is over', async () => {
    const { ends } = await partitionOf(daysAgo(OVER));
    const [last] = await ended((Date.now() - ends.getTime()) / 86_400_000 + 0.001);
    const days = (Date.now() - ends.getTime()) / 86_400_000;
    await expirePartitions(arranged.database, Math.ceil(days + 0.01));
    expect(await idsOf('deliveries')).toEqual([last?.deliveryId]);
    await expirePartitions(arranged.database, Math.floor(days));
    expect(await idsOf('deliveries')).toEqual([]);
  });

  test('never takes what is open or under way: it stays with its event and attempts, is delivered, and goes then', async () => {
    const [open, leased] = await aged.post(tenantId, daysAgo(OVER), 2);
    await ended(OVER);
    const lease = { token: v7(), dispatcherId: null, marginMs: 60_000 };
    await claimDeliveries(arranged.database, [{ deliveryId: leased?.deliveryId ?? '', generation: 0 }], lease);
    await arranged.database.delivery.updateMany({
      where: { id: leased?.deliveryId ?? '' },
      data: { status: 'cancelled', dueAt: null, completedAt: new Date() },
    });
    const { detached } = await expire();
    expect(detached.map(({ kept }) => kept).filter((kept) => kept > 0)).toEqual([2]);
    expect((await idsOf('deliveries')).length).toBe(2);
    await expectWhole();
    await expectExact();
    const scoped = scopeToTenant(arranged.database, tenantId);
    expect(await findDelivery(scoped, open?.deliveryId ?? '')).toMatchObject({
      event: { payload: expect.any(String) },
    });
    expect(await aged.deliver(open ? [open] : [])).toBe(1);
    // The one under way is let go by hand; it was cancelled.
    await runSql(databaseUrl, 'UPDATE deliveries SET lease_token = NULL, leased_at = NULL, lease_until = NULL');
    expect(await expire()).toMatchObject({ strays: 4, busy: false });
    expect([await idsOf('deliveries'), await idsOf('events')]).toEqual([[], []]);
    await expectExact();
  });

  test('waits while too much of a partition is open, and says so', async () => {
    const [first] = await aged.post(tenantId, daysAgo(OVER));
    await runSql(databaseUrl, 'ALTER TABLE deliveries DISABLE TRIGGER USER');
    await runSql(
      databaseUrl,
      `INSERT INTO deliveries (id, tenant_id, endpoint_id, event_id, type, status, attempt_limit, due_at, created_at)
       SELECT uuid_v7_at(now() - $1 * interval '1 day'), tenant_id, endpoint_id, event_id, type, 'pending', 6, now(), now()
       FROM deliveries, generate_series(1, $2)`,
      [OVER, MAX_KEPT],
    );
    const { waiting, detached } = await expire();
    const { suffix } = await partitionOf(daysAgo(OVER));
    expect(waiting).toMatchObject([{ partition: { suffix }, wanted: MAX_KEPT + 1 }]);
    expect(detached.map(({ partition }) => partition.suffix)).not.toContain(suffix);
    await runSql(
      databaseUrl,
      `UPDATE deliveries SET status = 'cancelled', due_at = NULL, completed_at = now() WHERE id <> $1`,
      [first?.deliveryId],
    );
    expect(await expire()).toMatchObject({ waiting: [], detached: [{ kept: 1 }] });
    expect(await idsOf('deliveries')).toEqual([first?.deliveryId]);
  });

  test('keeps the event of a replay that is younger, and takes it with the replay', async () => {
    const [old] = await ended(OVER, 2);
    const replayed = await replayDelivery(arranged.database, tenantId, old?.deliveryId ?? '', act);
    if (replayed.kind !== 'replayed') throw new Error(replayed.kind);
    await expire();
    expect(await idsOf('events')).toEqual([old?.eventId]);
    expect(await idsOf('deliveries')).toEqual([replayed.delivery.id]);
    await expectWhole();
    await expectExact();
    expect(await aged.deliver([{ eventId: '', deliveryId: replayed.delivery.id }])).toBe(1);
    const again = await replayDelivery(arranged.database, tenantId, replayed.delivery.id, act);
    expect(again).toMatchObject({ kind: 'replayed', delivery: { eventId: old?.eventId } });
    await runSql(databaseUrl, 'ALTER TABLE deliveries DISABLE TRIGGER USER');
    await runSql(databaseUrl, 'DELETE FROM attempts');
    await runSql(databaseUrl, 'DELETE FROM deliveries');
    expect((await expire()).strays).toBe(1);
    expect(await idsOf('events')).toEqual([]);
  });

  test('and a replay exclude each other: what is taken away meanwhile is not replayed', async () => {
    const [old] = await aged.post(tenantId, daysAgo(OVER));
    const id = old?.deliveryId ?? '';
    const waiting = () =>
      runSql(
        databaseUrl,
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
    const replaying = await arranged.database.$transaction(async (tx) => {
      await tx.$executeRaw`DELETE FROM deliveries WHERE id = ${id}::uuid`;
      const replayed = replayDelivery(arranged.database, tenantId, id, act);
      await eventually(async () => expect(await waiting()).toHaveLength(1));
      return { replayed };
    });
    expect(await replaying.replayed).toEqual({ kind: 'not_found' });
  });

  test('leaves a recovery what it can still find', async () => {
    const [old] = await ended(OVER);
    const [young] = await ended(RETENTION - 9);
    const scope = { tenantId, endpointId, since: daysAgo(OVER + 1), until: new Date(), statuses: ['succeeded'] };
    await createRecovery(arranged.database, scope, 2, act);
    await expire();
    const made = await advanceRecovery(arranged.database);
    const rows = await arranged.database.delivery.findMany({ where: { id: { in: made?.map(({ id }) => id) ?? [] } } });
    expect(rows.map(({ replayOf }) => replayOf)).toEqual([young?.deliveryId]);
    expect(await idsOf('events')).not.toContain(old?.eventId);
    await expectWhole();
  });

  test('takes rows of the default partition too, once they are over', async () => {
    await ended(4_000, 2);
    const [waiting] = await aged.post(tenantId, daysAgo(3_000));
    expect(await expire()).toMatchObject({ strays: 4 });
    expect(await idsOf('deliveries')).toEqual([waiting?.deliveryId]);
    await expectExact();
  });
});

describe('What refers to an event that goes', () => {
  test('a mail about its delivery goes once it is settled', async () => {
    const mail = (id: string, status: string) =>
      runSql(
        databaseUrl,
        `INSERT INTO notifications (id, tenant_id, endpoint_id, kind, reason, status, due_at)
         VALUES (uuid_v7_at($1), $2, $3, $4, '', $5, CASE WHEN $5 = 'pending' THEN now() END)`,
        [daysAgo(OVER), tenantId, endpointId, id, status],
      );
    await mail('logged', 'logged');
    await mail('pending', 'pending');
    await expire();
    expect(await runSql(databaseUrl, 'SELECT kind FROM notifications')).toEqual([{ kind: 'pending' }]);
  });

  const keyed = (key: string, at: Date) => ({
    ...requestAt(tenantId, at),
    idempotency: { key, position: 0, digest: createHash('sha256').update(key).digest() },
  });
  const keysOf = async () =>
    (await runSql<{ key: string }>(databaseUrl, 'SELECT key FROM idempotency_keys ORDER BY key')).map(({ key }) => key);

  test('an idempotency key lasts as long as its event, and is free again then', async () => {
    const [old, young] = [keyed('old', daysAgo(OVER)), keyed('young', daysAgo(RETENTION - 9))];
    for (const request of [old, young]) await acceptEvents(arranged.database, [request]);
    await arranged.database.delivery.updateMany({
      data: { status: 'cancelled', dueAt: null, completedAt: new Date() },
    });
    expect(await acceptEvents(arranged.database, [keyed('old', new Date())])).toMatchObject([{ kind: 'replayed' }]);
    await expire();
    expect(await keysOf()).toEqual(['young']);
    expect(await acceptEvents(arranged.database, [keyed('young', new Date())])).toMatchObject([{ kind: 'replayed' }]);
    expect(await acceptEvents(arranged.database, [keyed('old', new Date())])).toMatchObject([{ kind: 'accepted' }]);
  });

  test('a key is free between its event and itself going', async () => {
    await acceptEvents(arranged.database, [keyed('old', daysAgo(OVER))]);
    await arranged.database.delivery.updateMany({
      data: { status: 'cancelled', dueAt: null, completedAt: new Date() },
    });
    expect(await detachPartition(arranged.database, await partitionOf(daysAgo(OVER)))).toMatchObject({
      kind: 'detached',
    });
    expect(await keysOf()).toEqual(['old']);
    const results = await Promise.all([1, 2, 3].map(() => acceptEvents(arranged.database, [keyed('old', new Date())])));
    expect(results.filter(([result]) => result?.kind === 'accepted')).toHaveLength(1);
    expect(results.filter(([result]) => result?.kind === 'replayed')).toHaveLength(2);
    expect(await expireKeys(arranged.database, new Date())).toBe(0);
  });

  test('a batch under one key is free too, all of it at once', async () => {
    const batch = (at: Date) =>
      Array.from({ length: 12 }, (_, position) => ({
        ...requestAt(tenantId, at),
        idempotency: { key: 'batch', position, digest: createHash('sha256').update(`${position}`).digest() },
      }));
    await acceptEvents(arranged.database, batch(daysAgo(OVER)));
    await arranged.database.delivery.updateMany({
      data: { status: 'cancelled', dueAt: null, completedAt: new Date() },
    });
    expect(await detachPartition(arranged.database, await partitionOf(daysAgo(OVER)))).toMatchObject({
      kind: 'detached',
    });
    const results = await acceptEvents(arranged.database, batch(new Date()));
    expect(results.map(({ kind }) => kind)).toEqual(Array.from({ length: 12 }, () => 'accepted'));
  });

  test('a pair that has fired gives its first answer for as long as it is not ended', async () => {
    const half = (at: Date) => ({ ...requestAt(tenantId, at), pair: 'a b', firesPairFor: 'job-1' });
    const other = { ...requestAt(tenantId, daysAgo(OVER)).events[0], type: 'domain.live' };
    const first = half(daysAgo(OVER));
    const fired = { ...first, events: [{ ...first.events[0], firedWith: other.id }, other] as const };
    await acceptEvents(arranged.database, [fired]);
    await arranged.database.delivery.updateMany({
      data: { status: 'cancelled', dueAt: null, completedAt: new Date() },
    });
    const [before] = await acceptEvents(arranged.database, [half(new Date())]);
    expect(before).toMatchObject({ kind: 'replayed', event: { firedWith: { id: other.id, type: 'domain.live' } } });
    await expire();
    expect(await idsOf('events')).toEqual([]);
    expect(await acceptEvents(arranged.database, [half(new Date())])).toEqual([before]);
    // Nor is it asked of the event when a key is to be kept with it.
    const withKey = () => ({ ...half(new Date()), idempotency: keyed('pair', new Date()).idempotency });
    expect(await acceptEvents(arranged.database, [withKey()])).toEqual([before]);
    expect(await acceptEvents(arranged.database, [withKey()])).toEqual([before]);
    const ending = { ...requestAt(tenantId, new Date()), pair: 'a b', endsPairOf: 'job-1' };
    expect(await acceptEvents(arranged.database, [ending])).toMatchObject([{ kind: 'accepted' }]);
    expect(await acceptEvents(arranged.database, [half(new Date())])).toMatchObject([{ kind: 'accepted' }]);
  });
});

describe('A removal', () => {
  test('that breaks off after any of its steps is finished by the next one, and counts everything once', async () => {
    await ended(OVER, 2);
    const [open] = await aged.post(tenantId, daysAgo(OVER));
    const partition = await partitionOf(daysAgo(OVER));
    // Whatever statement fails: what was done in its transaction is undone.
    for (const failing of ['DETACH PARTITION "deliveries', 'INSERT INTO "attempts_default', 'DROP TABLE']) {
      const broken = breakAt(failing);
      if (failing === 'DROP TABLE') await detachPartition(arranged.database, partition);
      await expect(expirePartitions(broken, RETENTION)).rejects.toThrow('broken off');
      await expectExact();
      await expectWhole();
      expect(await idsOf('deliveries')).toContain(open?.deliveryId);
    }
    expect((await listPartitions(arranged.database)).detached).toContain(partition.suffix);
    const { removed } = await expire();
    expect(removed).toContainEqual({ suffix: partition.suffix, events: 2, deliveries: 2 });
    expect((await listPartitions(arranged.database)).detached).toEqual([]);
    await expectExact();
  });

  test('by several dispatchers at once removes and counts everything once', async () => {
    await ended(OVER, 3);
    await ended(OVER - 10, 3);
    await Promise.all(Array.from({ length: 4 }, () => expire()));
    await eventually(async () => !(await expire()).busy);
    expect(await idsOf('deliveries')).toEqual([]);
    expect((await readLedger(arranged.database, tenantId)).dropped).toEqual({ events: 6, deliveries: 6 });
    await expectExact();
  });

  test('gives way to whoever is at the tables for long, and blocks nobody for longer than it waits', async () => {
    await ended(OVER);
    const letGo = await holdLock(databaseUrl, 'SELECT 1 FROM deliveries LIMIT 1');
    const partition = await partitionOf(daysAgo(OVER));
    const began = performance.now();
    const detaching = detachPartition(arranged.database, partition);
    // What comes while it waits for its lock gets its turn when it gives up.
    await eventually(async () => (await runSql(databaseUrl, 'SELECT 1 FROM pg_locks WHERE NOT granted')).length > 0);
    await arranged.events(tenantId, 1);
    expect(await detaching).toEqual({ kind: 'busy' });
    expect(performance.now() - began).toBeLessThan(2_500);
    await letGo();
    expect(await detachPartition(arranged.database, partition)).toMatchObject({ kind: 'detached' });
    expect(await removeDetached(arranged.database, partition.suffix)).toEqual({ events: 1, deliveries: 1 });
  });

  test('while events are accepted, delivered and replayed loses and orphans nothing', async () => {
    const old = await ended(OVER, 20);
    let stop = false;
    const traffic = async (): Promise<void> => {
      while (!stop) {
        const due = await arranged.events(tenantId, 3);
        await aged.deliver(due.map(({ id }) => ({ eventId: '', deliveryId: id })));
      }
    };
    const replays = async (): Promise<void> => {
      for (const { deliveryId } of old) await replayDelivery(arranged.database, tenantId, deliveryId, act);
    };
    const running = [traffic(), traffic()];
    await Promise.all([replays(), eventually(async () => !(await expire()).busy)]);
    stop = true;
    await Promise.all(running);
    await expectWhole();
    await expectExact();
  });
});

/** The same database, but for a statement that it never gets to. */
function breakAt(text: string): Arranged['database'] {
  type Raw = (
    query: { sql?: string; raw?: readonly string[]; strings?: readonly string[] },
    ...values: unknown[]
  ) => unknown;
  const guard = <Target extends object>(target: Target): Target =>
    new Proxy(target, {
      get(inner, name) {
        const value: unknown = Reflect.get(inner, name);
        if (name === '$transaction')
          return (work: (tx: object) => Promise<unknown>, options: object) =>
            (value as (work: (tx: object) => Promise<unknown>, options: object) => Promise<unknown>).call(
              inner,
              (tx) => work(guard(tx)),
              options,
            );
        if (name !== '$executeRaw') return typeof value === 'function' ? value.bind(inner) : value;
        const raw: Raw = (query, ...values) => {
          const said = [
            query.raw,
            query.strings,
            ...values.map((each) => (each as { strings?: string[] } | null)?.strings),
          ];
          const whole = said.flatMap((part) => part ?? []);
          const [head = '', ...tail] = text.split(' "');
          if (
            whole.some((part) => part.includes(head)) &&
            tail.every((rest) => whole.some((part) => part.includes(`"${rest}`)))
          )
            throw new Error('broken off');
          return (value as Raw).call(inner, query, ...values);
        };
        return raw;
      },
    });
  return guard(arranged.database);
}
