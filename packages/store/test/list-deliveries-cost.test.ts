// The console's lists are narrowed to several statuses and to what is overdue: a page must cost what it shows, not what there is.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { arrange } from '@posthorn/testkit/arrange';
import { countReads } from '@posthorn/testkit/count-reads';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { runSql } from '@posthorn/testkit/run-sql';
import type { Database } from '../src/open-database.ts';
import { findOverdueIds } from '../src/operator/find-overdue-ids.ts';
import { type DeliveryFilter, listDeliveries } from '../src/tenant/list-deliveries.ts';
import { listNewDeliveries } from '../src/tenant/list-new-deliveries.ts';
import { scopeToTenant, type TenantDatabase } from '../src/tenant/scope-to-tenant.ts';

const ROWS = 120_000;
const LIMIT = 50;
/** Overdue ones are a few, all of them old. */
const OVERDUE = 120;
let databaseUrl: string;
let tenantId: string;

beforeAll(async () => {
  databaseUrl = await createTestDatabase();
  const arranged = arrange(databaseUrl);
  tenantId = await arranged.tenant();
  await arranged.endpoint(tenantId, 'https://one.example');
  await arranged.events(tenantId, 1);
  await arranged.close();
  await runSql(databaseUrl, 'ALTER TABLE deliveries DISABLE TRIGGER USER');
  // Nearly all succeeded; what failed and what is tried again lies deep beneath. Open ones are due in an hour.
  await runSql(
    databaseUrl,
    `INSERT INTO deliveries (id, tenant_id, endpoint_id, event_id, type, status, attempts, attempt_limit, due_at, created_at, completed_at)
     SELECT uuid_v7_at(now() - n * interval '1 second'), tenant_id, endpoint_id, event_id, type, s.status, 1, 6,
            CASE WHEN s.status = 'retrying' THEN now() + CASE WHEN n > $1::int - 20 * $2::int THEN -interval '1 minute' ELSE interval '1 hour' END END,
            now(), CASE WHEN s.status <> 'retrying' THEN now() END
     FROM deliveries, generate_series(1, $1::int) n,
          LATERAL (SELECT CASE WHEN n < $1::int / 2 OR n % 20 > 1 THEN 'succeeded' WHEN n % 20 = 1 THEN 'failed' ELSE 'retrying' END AS status) s`,
    [ROWS, OVERDUE],
  );
  await runSql(databaseUrl, 'VACUUM ANALYZE');
}, 120_000);

/** Rows and entries of indexes of the deliveries that were read. */
async function costOf(read: (client: Database, scoped: TenantDatabase) => Promise<unknown>): Promise<number> {
  const { scanned, entries } = await countReads(databaseUrl, 'deliveries', (client) =>
    read(client, scopeToTenant(client, tenantId)),
  );
  return scanned + entries;
}

const page = { limit: LIMIT, before: null };
const several = { statuses: ['retrying', 'failed'] } as const satisfies DeliveryFilter;

describe('A page of a hundred thousand deliveries', () => {
  test('of several statuses reads a page of each', async () => {
    const cost = await costOf(async (_, database) => {
      const first = await listDeliveries(database, page, several);
      const second = await listDeliveries(database, { ...page, before: first.last }, several);
      expect([first.rows.length, second.rows.length]).toEqual([LIMIT, LIMIT]);
      const ids = [...first.rows, ...second.rows].map(({ id }) => id);
      expect(new Set(ids).size).toBe(2 * LIMIT);
      expect(ids).toEqual([...ids].sort().reverse());
      expect(new Set(first.rows.map(({ status }) => status))).toEqual(new Set(['failed', 'retrying']));
    });
    expect(cost).toBeLessThanOrEqual(4 * (LIMIT + 1) + 8);
  }, 60_000);

  test('that are new reads as many of each status as are sent', async () => {
    const wanted = { after: '00000000-0000-0000-0000-000000000000', except: [], limit: LIMIT };
    const cost = await costOf(async (_, database) => {
      const rows = await listNewDeliveries(database, wanted, several);
      const ids = rows.map(({ id }) => id);
      expect([ids.length, ids]).toEqual([LIMIT, [...ids].sort()]);
    });
    expect(cost).toBeLessThanOrEqual(2 * (LIMIT + 1) + 8);
  }, 60_000);

  test('that is overdue reads what is due, and no more', async () => {
    const cost = await costOf(async (client) => {
      const first = await findOverdueIds(client, tenantId, page, {});
      const second = await findOverdueIds(client, tenantId, { ...page, before: first.last }, {});
      expect([first.rows.length, second.rows.length]).toEqual([LIMIT, LIMIT]);
      expect((first.last ?? '') > (second.rows[0]?.id ?? '')).toBe(true);
    });
    expect(cost).toBeLessThanOrEqual(2 * (OVERDUE + 2) + 8);
  }, 60_000);
});
