// Every dispatcher looks for the dead once a second: what that costs must not grow with deliveries and claims.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Arranged, arrange } from '@posthorn/testkit/arrange';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { eventually } from '@posthorn/testkit/eventually';
import { runSql } from '@posthorn/testkit/run-sql';
import { v7 } from 'uuid';
import { beatDispatcher } from '../src/engine/beat-dispatcher.ts';
import { endLeasesOfDead } from '../src/engine/end-leases-of-dead.ts';

const ROWS = 30_000;
let databaseUrl: string;
let arranged: Arranged;

beforeAll(async () => {
  databaseUrl = await createTestDatabase();
  arranged = arrange(databaseUrl);
  const tenantId = await arranged.tenant();
  await arranged.endpoint(tenantId, 'https://one.example');
  await arranged.events(tenantId, 1);
  const [columns] = await runSql<{ names: string }>(
    databaseUrl,
    `SELECT string_agg(quote_ident(column_name), ', ') AS names FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name = 'deliveries' AND column_name <> 'id'`,
  );
  await runSql(databaseUrl, 'ALTER TABLE deliveries DISABLE TRIGGER ALL');
  await runSql(
    databaseUrl,
    `INSERT INTO deliveries (id, ${columns?.names})
     SELECT gen_random_uuid(), ${columns?.names} FROM deliveries, generate_series(1, ${ROWS})`,
  );
  await runSql(
    databaseUrl,
    `INSERT INTO claims SELECT gen_random_uuid(), ARRAY[gen_random_uuid()], now() + interval '1 minute', gen_random_uuid()
     FROM generate_series(1, ${ROWS})`,
  );
  await runSql(databaseUrl, 'ANALYZE');
}, 60_000);
afterAll(() => arranged.close());

/** Of partitions, those that hold the rows: one of a page or none is read through, whatever there is in the others. */
async function scans(): Promise<Record<string, number>> {
  const rows = await runSql<{ relname: string; seq_scan: number }>(
    databaseUrl,
    `SELECT regexp_replace(relname, '_(default|[0-9]+)$', '') AS relname, sum(seq_scan)::int AS seq_scan
     FROM pg_stat_user_tables
     WHERE relname !~ '^deliveries' OR pg_relation_size(relid) > 100000 GROUP BY 1`,
  );
  return Object.fromEntries(rows.map(({ relname, seq_scan: count }) => [relname, count]));
}

test('While nobody is dead, neither deliveries nor claims are read through', async () => {
  const dispatcherId = v7();
  const { nowMs: seenAtMs } = await beatDispatcher(arranged.database, dispatcherId);
  const before = await eventually(async () => {
    const [first, second] = [await scans(), await scans()];
    return JSON.stringify(first) === JSON.stringify(second) && second;
  });
  expect(before).toMatchObject({ deliveries: expect.any(Number), claims: expect.any(Number) });
  for (let look = 0; look < 5; look += 1) {
    expect(await endLeasesOfDead(arranged.database, { dispatcherId, seenAtMs })).toEqual({ ended: 0, more: false });
  }
  // Statistics come late, and all of a statement's at once.
  const after = await eventually(async () => {
    const now = await scans();
    return (now['dispatchers'] ?? 0) >= (before['dispatchers'] ?? 0) + 5 && now;
  });
  expect([after['deliveries'], after['claims']]).toEqual([before['deliveries'], before['claims']]);
});
