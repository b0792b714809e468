// Claims and records run on connections that keep their plans: what such a plan may read, whatever was known when it was made.
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { operatorAct } from '@posthorn/testkit/arrange';
import { eventually } from '@posthorn/testkit/eventually';
import { runSql } from '@posthorn/testkit/run-sql';
import { startProxy } from '@posthorn/testkit/start-proxy';
import { sqltag as sql } from '@prisma/client/runtime/client';
import { v7 } from 'uuid';
import { askByIds } from '../src/ask-driver.ts';
import { claimDeliveries } from '../src/engine/claim-deliveries.ts';
import type { ClaimedDelivery } from '../src/engine/claimed-delivery.ts';
import { listPartitions } from '../src/engine/list-partitions.ts';
import { recordAttempts } from '../src/engine/record-attempts.ts';
import { isUnavailable } from '../src/is-unavailable.ts';
import { closeDatabase, type Database, openDatabase } from '../src/open-database.ts';
import { replayDelivery } from '../src/operator/replay-delivery.ts';
import { type AgedDatabase, type AgedEvents, attemptOf, daysAgo, openAged } from './age-events.ts';

/** Of the proxy, one way. */
const LATENCY_MS = 20;
/** A connection has long been made by then. */
const MAX_MS = 1_000;

let opened: AgedDatabase;
let aged: AgedEvents;
let database: Database;
const others: Database[] = [];

beforeEach(async () => {
  opened = await openAged();
  ({ aged } = opened);
  await aged.addWeeks(4);
  database = open(opened.databaseUrl);
});
afterEach(async () => {
  await Promise.all([...others.splice(0).map(closeDatabase), opened.arranged.close()]);
});

function open(url: string): Database {
  const another = openDatabase(url, 2, { connectionsByIds: 1 });
  others.push(another);
  return another;
}

async function claim(ids: readonly string[], by = database): Promise<ClaimedDelivery[]> {
  const lease = { token: v7(), dispatcherId: null, marginMs: 10_000 };
  const requests = ids.map((deliveryId) => ({ deliveryId, generation: 0 }));
  const results = await claimDeliveries(by, requests, lease);
  return results.flatMap((result) => (result.kind === 'claimed' ? [result.delivery] : []));
}

const record = (claimed: readonly ClaimedDelivery[], by = database) =>
  recordAttempts(
    by,
    claimed.map((delivery) => attemptOf(delivery, { status: 'succeeded' })),
  );

interface Kept {
  readonly generic: number;
  readonly custom: number;
}

const keptBy = (by: Database): Promise<Kept[]> =>
  askByIds<Kept>(
    by,
    sql`SELECT generic_plans::int AS generic, custom_plans::int AS custom FROM pg_prepared_statements
               WHERE statement NOT LIKE '%pg_prepared_statements%'`,
  );

interface Scans {
  readonly table: string;
  readonly sequential: number;
  readonly indexed: number;
}

/** What statements of the one connection by ids have read so far; statistics of a session wait until it is idle, or told. */
async function scans(): Promise<Scans[]> {
  await askByIds(database, sql`SELECT pg_stat_force_next_flush()::text`);
  return runSql<Scans>(
    opened.databaseUrl,
    `SELECT relname AS table, seq_scan::int AS sequential, idx_scan::int AS indexed FROM pg_stat_user_tables
     WHERE relname ~ '^(events|deliveries|attempts|endpoints)' ORDER BY 1`,
  );
}

describe('A plan by ids', () => {
  test('is made once for a connection, whatever is claimed and recorded by it', async () => {
    for (const count of [1, 7, 1, 30]) {
      const rows = await opened.arranged.events(opened.tenantId, count);
      const claimed = await claim(rows.map(({ id }) => id));
      expect(claimed).toHaveLength(count);
      await record(claimed);
    }
    expect(await keptBy(database)).toEqual([
      { generic: 4, custom: 0 },
      { generic: 4, custom: 0 },
    ]);
  });

  test('is not kept behind a pooler, where all connections are for everything', async () => {
    const pooled = open(`${opened.databaseUrl}?pgbouncer=true`);
    const rows = await opened.arranged.events(opened.tenantId, 3);
    await record(
      await claim(
        rows.map(({ id }) => id),
        pooled,
      ),
      pooled,
    );
    expect(await keptBy(pooled)).toEqual([]);
  });

  test('that was made when tables were known to be small reads none from end to end, and of all partitions those that its ids are in', async () => {
    const { attached } = await listPartitions(opened.arranged.database);
    const current = attached.find(({ starts, ends }) => starts <= new Date() && ends > new Date())?.suffix;
    const rows = await opened.arranged.events(opened.tenantId, 20);
    await runSql(opened.databaseUrl, 'ANALYZE');
    const before = await scans();
    for (const { id } of rows) await record(await claim([id]));
    const after = await scans();
    const grown = after.map((now, index) => {
      const then = before[index] as Scans;
      return {
        table: now.table,
        sequential: now.sequential - then.sequential,
        isIndexRead: now.indexed > then.indexed,
      };
    });
    expect(grown.filter(({ sequential }) => sequential > 0)).toEqual([]);
    expect(grown.filter(({ isIndexRead }) => isIndexRead).map(({ table }) => table)).toEqual([
      `deliveries${current}`,
      'endpoints',
      `events${current}`,
    ]);
  });
});

test('A connection that is cut off while it is made ready is the trouble of its call alone', async () => {
  const proxy = await startProxy(opened.databaseUrl);
  const cutOff = open(proxy.url);
  proxy.slow(LATENCY_MS);
  const outcomes = new Set<string>();
  // Whatever it is at: connecting, being told how to plan, being asked, or done.
  for (let afterMs = 0; outcomes.size < 2 && afterMs < MAX_MS; afterMs += LATENCY_MS / 2) {
    const asked = askByIds(cutOff, sql`SELECT 1 AS one`).then(
      () => 'answered',
      (error: unknown) => (isUnavailable(error) ? 'unavailable' : String(error)),
    );
    await delay(afterMs);
    proxy.cut();
    outcomes.add(await asked);
  }
  expect([...outcomes].sort()).toEqual(['answered', 'unavailable']);
  expect(await eventually(() => askByIds(cutOff, sql`SELECT 1 AS one`))).toEqual([{ one: 1 }]);
  await closeDatabase(others.pop() as Database);
  await proxy.close();
});

test('Deliveries of one event, and a replay of one that is long over, are claimed together, each with the payload of its event', async () => {
  const { arranged, tenantId } = opened;
  const [old] = await aged.post(tenantId, daysAgo(20));
  await aged.deliver(old ? [old] : []);
  const act = operatorAct('delivery', 'dlv');
  const replayed = await replayDelivery(arranged.database, tenantId, old?.deliveryId ?? '', act);
  if (replayed.kind !== 'replayed') throw new Error(replayed.kind);
  await arranged.endpoint(tenantId, 'https://another.example');
  const fresh = await arranged.events(tenantId, 2);
  expect(fresh).toHaveLength(4);
  const claimed = await claim([replayed.delivery.id, ...fresh.map(({ id }) => id)]);
  expect(claimed).toHaveLength(5);
  const rows = await runSql<{ id: string; payload: string }>(opened.databaseUrl, 'SELECT id, payload FROM events');
  const payloadOf = new Map(rows.map(({ id, payload }) => [id, payload]));
  for (const { eventId, payload } of claimed) expect(payload).toBe(payloadOf.get(eventId));
});
