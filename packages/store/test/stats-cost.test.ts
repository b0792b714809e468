// Every console that is open reads statistics: what they cost must not grow with what the attempts hold, nor with others'.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Arranged, arrange } from '@posthorn/testkit/arrange';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { eventually } from '@posthorn/testkit/eventually';
import { runSql } from '@posthorn/testkit/run-sql';
import { readStats, type StatsScope } from '../src/operator/read-stats.ts';

const ROWS = 30_000;
const READS = 5;
let databaseUrl: string;
let arranged: Arranged;
let scope: StatsScope;

beforeAll(async () => {
  databaseUrl = await createTestDatabase();
  arranged = arrange(databaseUrl);
  const tenants = await Promise.all(Array.from({ length: 4 }, () => arranged.tenant()));
  for (const tenantId of tenants) {
    await arranged.endpoint(tenantId, 'https://one.example');
    await arranged.events(tenantId, 3);
  }
  await runSql(databaseUrl, 'ALTER TABLE attempts DISABLE TRIGGER "attempts_noted"');
  await runSql(
    databaseUrl,
    `INSERT INTO attempts (delivery_id, number, id, tenant_id, endpoint_id, started_at, duration_ms, outcome, response_status, response_body)
     SELECT id, n, gen_random_uuid(), tenant_id, endpoint_id, now() - n * interval '1 minute', n % 900, 'succeeded', 200, repeat('x', 200)
     FROM deliveries, generate_series(1, $1::int) n`,
    [ROWS / 12],
  );
  await runSql(
    databaseUrl,
    `INSERT INTO deliveries (id, tenant_id, endpoint_id, event_id, type, status, attempt_limit, created_at, completed_at)
     SELECT gen_random_uuid(), tenant_id, endpoint_id, event_id, type, 'skipped', 1, now(), now() FROM deliveries, generate_series(1, $1::int)`,
    [ROWS / 12],
  );
  await runSql(databaseUrl, 'VACUUM ANALYZE');
  scope = { tenantId: tenants[0] ?? '', endpointId: null, bucketSeconds: 1_800, bucketCount: 48 };
}, 60_000);
afterAll(() => arranged.close());

interface Reads {
  readonly tableScans: number;
  readonly indexScans: number;
  readonly heapFetches: number;
}

/** A partition of a page or none is read through, whatever there is in the others. */
async function reads(): Promise<Reads> {
  const [row] = await runSql<{ [Name in keyof Reads]: number }>(
    databaseUrl,
    `SELECT (SELECT sum(seq_scan) FROM pg_stat_user_tables 
             WHERE relname ~ '^(attempts|deliveries)' AND pg_relation_size(relid) > 100000)::int AS "tableScans",
            sum(idx_scan)::int AS "indexScans", sum(idx_tup_fetch)::int AS "heapFetches"
     FROM pg_stat_user_indexes JOIN pg_inherits ON inhrelid = indexrelid
     WHERE inhparent = 'attempts_tenant_id_started_at_idx'::regclass`,
  );
  if (!row) throw new Error('There is no such index');
  return row;
}

test('Statistics come from an index alone, and read neither table through', async () => {
  const before = await eventually(async () => {
    const [first, second] = [await reads(), await reads()];
    return JSON.stringify(first) === JSON.stringify(second) && second;
  });
  expect(before.tableScans).toEqual(expect.any(Number));
  for (let read = 0; read < READS; read += 1) {
    const { buckets } = await readStats(arranged.database, scope);
    expect(buckets.length).toBeGreaterThan(40);
  }
  // Statistics come late, and all of a statement's at once.
  const after = await eventually(async () => {
    const now = await reads();
    return now.indexScans >= before.indexScans + READS && now;
  });
  expect(after).toMatchObject({ tableScans: before.tableScans, heapFetches: before.heapFetches });
});
