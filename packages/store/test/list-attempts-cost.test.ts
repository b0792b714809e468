// The list of all attempts is narrowed to what hardly any attempt is: a page must cost what it shows and the look that is
// allowed to it, and read headers and bodies of the rows it shows alone.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { arrange } from '@posthorn/testkit/arrange';
import { countReads } from '@posthorn/testkit/count-reads';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { eventually } from '@posthorn/testkit/eventually';
import { runSql } from '@posthorn/testkit/run-sql';
import { type AllAttemptsPage, listAllAttempts } from '../src/operator/list-all-attempts.ts';
import type { AttemptFilter } from '../src/tenant/find-attempts.ts';
import { scopeToTenant } from '../src/tenant/scope-to-tenant.ts';

const ROWS = 120_000;
const LIMIT = 50;
const MAX_LOOKED_AT = 20_000;
/** Began at the same moment; of these one times out in so many moments. */
const AT_ONCE = 4;
const SPARSE = 100;
let databaseUrl: string;
let tenantId: string;

beforeAll(async () => {
  databaseUrl = await createTestDatabase();
  const arranged = arrange(databaseUrl);
  const tenants = [await arranged.tenant(), await arranged.tenant()];
  for (const each of tenants) {
    await arranged.endpoint(each, 'https://one.example');
    await arranged.events(each, AT_ONCE * 10);
  }
  await arranged.close();
  tenantId = tenants[0] ?? '';
  await runSql(databaseUrl, 'ALTER TABLE attempts DISABLE TRIGGER "attempts_noted"');
  await runSql(
    databaseUrl,
    `INSERT INTO attempts (delivery_id, number, id, tenant_id, endpoint_id, started_at, duration_ms, outcome, response_status, response_body)
     SELECT d.id, n, gen_random_uuid(), d.tenant_id, d.endpoint_id, now() - (n * 10 + d.nth / $2::int) * interval '1 second', 20, s.outcome,
            CASE WHEN s.outcome = 'succeeded' THEN 200 END, repeat('x', 200)
     FROM (SELECT *, (row_number() OVER (PARTITION BY tenant_id ORDER BY id) - 1)::int AS nth FROM deliveries) d,
          generate_series(1, $1::int / 80) n,
          LATERAL (SELECT CASE WHEN d.nth = 0 AND n % $3::int = 0 THEN 'timeout' ELSE 'succeeded' END AS outcome) s`,
    [ROWS, AT_ONCE, SPARSE],
  );
  // Whoever else looks at the table, as an automatic ANALYZE does, keeps a vacuum from calling its pages visible to all.
  await eventually(async () => {
    await runSql(databaseUrl, 'VACUUM ANALYZE');
    const [pages] = await runSql<{ hidden: number }>(
      databaseUrl,
      `SELECT sum(relpages - relallvisible)::int AS hidden FROM pg_class
       WHERE relkind = 'r' AND relname ~ '^attempts(_default|_[0-9]{8})$'`,
    );
    expect(pages?.hidden).toBe(0);
  }, 60_000);
}, 120_000);

/** Reads a page. */
async function read(filter: Partial<AttemptFilter>) {
  let page: AllAttemptsPage | undefined;
  const reads = await countReads(databaseUrl, 'attempts', async (client) => {
    const tenant = { id: tenantId, database: scopeToTenant(client, tenantId) };
    const request = { limit: LIMIT, before: null, maxLookedAt: MAX_LOOKED_AT };
    page = await listAllAttempts(client, tenant, request, { isAnswered: false, ...filter });
  });
  if (!page) throw new Error('No page');
  return { page, reads };
}

describe('A page of a hundred thousand attempts', () => {
  test('reads as many rows as it shows, and those that began at the moment at which it ends', async () => {
    const { page, reads } = await read({});
    expect([page.rows.length, page.last === null]).toEqual([LIMIT, false]);
    expect(reads.rows).toBeLessThanOrEqual(LIMIT + AT_ONCE);
    expect(reads.entries).toBeLessThanOrEqual(2 * (LIMIT + AT_ONCE));
    expect(reads.scanned).toBe(0);
  }, 60_000);

  test('of which hardly any match looks at no more than it may, in an index alone', async () => {
    const { page, reads } = await read({ outcomes: ['timeout'] });
    const shown = page.rows.length;
    expect(shown).toBeGreaterThan(3);
    expect(shown).toBeLessThan(LIMIT);
    expect(page.last).not.toBeNull();
    expect(reads.rows).toBeLessThanOrEqual(shown * AT_ONCE);
    expect(reads.entries).toBeLessThanOrEqual(MAX_LOOKED_AT + 1 + shown * AT_ONCE);
    expect(reads.scanned).toBe(0);
  }, 60_000);

  test('none of which matches reads no row, and within a span of time the entries of that alone', async () => {
    const hourMs = 3_600_000;
    const startedAfter = new Date(Date.now() - hourMs);
    const { page, reads } = await read({ minDurationMs: 1_000, startedAfter });
    expect(page).toEqual({ rows: [], last: null });
    expect(reads.rows).toBe(0);
    expect(reads.entries).toBeLessThanOrEqual((hourMs / 1_000) * AT_ONCE);
    expect(reads.scanned).toBe(0);
  }, 60_000);
});
