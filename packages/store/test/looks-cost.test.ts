// What is looked at again and again, by every scrape, console and dispatcher, must not cost more the more history there is.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { statsBuckets } from '@posthorn/domain/stats/stats-buckets';
import { arrange } from '@posthorn/testkit/arrange';
import { countReads } from '@posthorn/testkit/count-reads';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { eventually } from '@posthorn/testkit/eventually';
import { runSql } from '@posthorn/testkit/run-sql';
import { v7 } from 'uuid';
import { addPartitions } from '../src/engine/add-partitions.ts';
import { advanceSums } from '../src/engine/advance-sums.ts';
import { beatDispatcher } from '../src/engine/beat-dispatcher.ts';
import { endLeasesOfDead } from '../src/engine/end-leases-of-dead.ts';
import { foldHealth } from '../src/engine/fold-health.ts';
import { foldLedger } from '../src/engine/fold-ledger.ts';
import { foldSumChanges } from '../src/engine/fold-sum-changes.ts';
import { listDueDeliveries } from '../src/engine/list-due-deliveries.ts';
import { listParkedEndpoints, PARKED_START } from '../src/engine/list-parked-endpoints.ts';
import { readOpenSpan } from '../src/engine/read-open-span.ts';
import { takeOverInterrupted } from '../src/engine/take-over-interrupted.ts';
import { createProfileFinder } from '../src/find-profile.ts';
import type { Database } from '../src/open-database.ts';
import { readLedger } from '../src/operator/read-ledger.ts';
import { readStats } from '../src/operator/read-stats.ts';
import { ageEvents, daysAgo } from './age-events.ts';

const [FEW, MANY] = [1_000, 40_000];
const ENDPOINTS = 3;
/** Not summed yet, so that they are read as rows. */
const OPEN = 12;
/** Entries more or less of an index are where its pages end. */
const SLACK = 60;

interface History {
  readonly databaseUrl: string;
  readonly tenantId: string;
}

/**
 * So many deliveries with two attempts each, made in the last five days, and after them a few that are open.
 *
 * @param hotSince when the week began whose partition takes what is made now. With a few rows in it a partition is read
 *   through, and rightly; so it has all that is open and either most of the history or none of it.
 */
async function fill(rows: number, hotSince: Date): Promise<History> {
  const databaseUrl = await createTestDatabase();
  const arranged = arrange(databaseUrl);
  await ageEvents(arranged, databaseUrl).beginWeeks(hotSince, 4);
  const tenantId = await arranged.tenant();
  for (let index = 0; index < ENDPOINTS; index += 1) await arranged.endpoint(tenantId, `https://${index}.example`);
  await runSql(databaseUrl, 'ALTER TABLE attempts DISABLE TRIGGER "attempts_noted"');
  await runSql(
    databaseUrl,
    `INSERT INTO deliveries (id, tenant_id, endpoint_id, event_id, type, status, attempt_limit, created_at, completed_at)
     SELECT uuid_v7_at(at), tenant_id, e.id, gen_random_uuid(), 'domain.verified', 'succeeded', 6, at, at
     FROM endpoints e, generate_series(1, $1::int) n,
          LATERAL (SELECT now() - interval '6 minutes' - n * interval '5 days' / $1::int AS at) t
     ORDER BY at`,
    [Math.ceil(rows / ENDPOINTS)],
  );
  await runSql(
    databaseUrl,
    `INSERT INTO attempts (delivery_id, number, id, tenant_id, endpoint_id, started_at, duration_ms, outcome, response_status)
     SELECT id, n, gen_random_uuid(), tenant_id, endpoint_id, created_at, 3 + hashtext(id::text) % 3, 'succeeded', 200
     FROM deliveries, generate_series(1, 2) n`,
  );
  await arranged.events(tenantId, OPEN / ENDPOINTS);
  await runSql(
    databaseUrl,
    'UPDATE deliveries SET parked = true WHERE due_at IS NOT NULL AND get_byte(uuid_send(id), 15) % 2 = 0',
  );
  while ((await foldLedger(arranged.database)) > 0);
  await eventually(async () => (await advanceSums(arranged.database)) === 'idle', 60_000);
  await arranged.close();
  await runSql(databaseUrl, 'VACUUM ANALYZE');
  return { databaseUrl, tenantId };
}

type Look = (database: Database, tenantId: string) => Promise<unknown>;

const stats =
  (range: keyof typeof statsBuckets, ofOne: boolean): Look =>
  async (database, tenantId) => {
    const [endpoint] = await database.endpoint.findMany({ where: { tenantId }, take: 1 });
    const endpointId = ofOne ? (endpoint?.id ?? null) : null;
    const { made } = await readStats(database, { tenantId, endpointId, ...statsBuckets[range] });
    expect(made.length).toBeGreaterThan(0);
  };

const looks: Readonly<Record<string, Look>> = {
  'The ledger of all tenants, which every scrape of the metrics reads,': (database) => readLedger(database, null),
  'A tenant’s ledger': (database, tenantId) => readLedger(database, tenantId),
  'The drift': (database) => listDueDeliveries(database, 2_000, null, 1_000),
  'A round of the reconciler': async (database) => {
    const dispatcherId = v7();
    const { nowMs } = await beatDispatcher(database, dispatcherId);
    await endLeasesOfDead(database, { dispatcherId, seenAtMs: nowMs });
    await takeOverInterrupted(database, createProfileFinder(database));
    await foldLedger(database);
    await foldSumChanges(database);
    await foldHealth(database, { warnAfterSeconds: 60, disableAfterSeconds: 120 });
    await listDueDeliveries(database, 0, null, 1_000);
  },
  'A look for parked deliveries': (database) =>
    listParkedEndpoints(database, PARKED_START, { tenants: 200, endpoints: 1_000 }),
  'A look for where open deliveries are': readOpenSpan,
  'A look at the partitions': (database) => addPartitions(database, 30),
  'Summing when all is summed': (database) => advanceSums(database),
  'Statistics of a week': stats('7d', false),
  'Statistics of a day': stats('24h', false),
  'Statistics of an hour': stats('1h', false),
  'Statistics of an endpoint’s week': stats('7d', true),
};

describe.each([
  ['in the middle of a week', () => daysAgo(3)],
  ['when a week has just begun', () => new Date(Date.now() - 60_000)],
])('However much was delivered, %s,', (_, hotSince) => {
  let few: History;
  let many: History;
  beforeAll(async () => {
    [few, many] = (await Promise.all([FEW, MANY].map((rows) => fill(rows, hotSince())))) as [History, History];
  }, 300_000);

  test.each(Object.entries(looks))('%s reads no more of it', async (_look, look) => {
    const costOf = async ({ databaseUrl, tenantId }: History) => {
      const { rows, entries } = await countReads(databaseUrl, '(deliveries|attempts|events)', async (database) => {
        await look(database, tenantId);
        // Something must be read for its end to be seen.
        await database.event.findFirst({ select: { id: true } });
      });
      return rows + entries;
    };
    expect(await costOf(many)).toBeLessThanOrEqual((await costOf(few)) + SLACK);
  });
});

describe('Of a long history', () => {
  let many: History;
  beforeAll(async () => {
    many = await fill(MANY, daysAgo(3));
  }, 300_000);

  test('sums are as many as there are buckets and endpoints', async () => {
    const sums =
      'SELECT (SELECT count(*) FROM attempt_sums)::int AS attempts, (SELECT count(*) FROM delivery_sums)::int AS deliveries';
    const [row] = await runSql<{ attempts: number; deliveries: number }>(many.databaseUrl, sums);
    const buckets = Object.values(statsBuckets).reduce((sum, { bucketCount }) => sum + bucketCount + 1, 0);
    for (const count of [row?.attempts, row?.deliveries]) {
      expect(count).toBeGreaterThan(0);
      expect(count).toBeLessThanOrEqual(buckets * (ENDPOINTS + 1));
    }
  });

  test('summing a minute reads that minute', async () => {
    const { databaseUrl, tenantId } = many;
    const cost = await countReads(databaseUrl, '(deliveries|attempts|events)', async (database) => {
      await runSql(
        databaseUrl,
        `UPDATE sum_progress SET summed_before = date_trunc('minute', now() - interval '3 hours'),
                noted_before = date_trunc('minute', now() - interval '3 hours') + interval '1 minute', settled_by = 1`,
      );
      expect(await advanceSums(database)).toBe('sum');
      await database.event.findFirst({ where: { tenantId }, select: { id: true } });
    });
    // Three attempts or deliveries of a minute at the most, of each a few entries and its row.
    const rowsOfMinute = (3 * MANY) / (5 * 24 * 60);
    expect(cost.rows + cost.entries).toBeLessThanOrEqual(4 * rowsOfMinute + SLACK);
  });

  test('a backlog at its end does not make it be read for where open deliveries are', async () => {
    await runSql(
      many.databaseUrl,
      `INSERT INTO deliveries (id, tenant_id, endpoint_id, event_id, type, status, attempt_limit, created_at, due_at)
       SELECT uuid_v7_at(now()), tenant_id, id, gen_random_uuid(), 'domain.verified', 'pending', 6, now(), now()
       FROM endpoints, generate_series(1, $1::int)`,
      [MANY / 32],
    );
    await runSql(many.databaseUrl, 'VACUUM ANALYZE');
    const { rows, entries } = await countReads(many.databaseUrl, 'deliveries', async (database) => {
      await readOpenSpan(database);
      await database.delivery.findFirst({ select: { id: true } });
    });
    expect(rows + entries).toBeLessThanOrEqual(SLACK);
  });
});
