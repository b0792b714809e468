// The console's lists are narrowed to several statuses and to what is overdue: a page must cost what it shows, not what there is.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { deliveryStatuses } from '@posthorn/domain/delivery/delivery-status';
import { arrange } from '@posthorn/testkit/arrange';
import { countReads } from '@posthorn/testkit/count-reads';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { runSql } from '@posthorn/testkit/run-sql';
import type { Database } from '../src/open-database.ts';
import { findOverdueIds } from '../src/operator/find-overdue-ids.ts';
import { type DeliveryFilter, listDeliveries } from '../src/tenant/list-deliveries.ts';
import { listNewDeliveries } from '../src/tenant/list-new-deliveries.ts';
import { scopeToTenant, type TenantDatabase } from '../src/tenant/scope-to-tenant.ts';
import { ageEvents, daysAgo } from './age-events.ts';

const ROWS = 120_000;
const LIMIT = 50;
/** Overdue ones are a few, all of them old. */
const OVERDUE = 120;
let databaseUrl: string;
let tenantId: string;
/** An endpoint whose deliveries all succeeded, of another type than others, and are older. */
let quiet: string;

beforeAll(async () => {
  databaseUrl = await createTestDatabase();
  const arranged = arrange(databaseUrl);
  // All of them lie in one partition: one with few rows would be read through, and rightly.
  await ageEvents(arranged, databaseUrl).beginWeeks(daysAgo(3), 0);
  tenantId = await arranged.tenant();
  await arranged.endpoint(tenantId, 'https://one.example');
  await arranged.events(tenantId, 1);
  quiet = await arranged.endpoint(tenantId, 'https://quiet.example');
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
  await runSql(
    databaseUrl,
    `INSERT INTO deliveries (id, tenant_id, endpoint_id, event_id, type, status, attempts, attempt_limit, created_at, completed_at)
     SELECT uuid_v7_at(now() - interval '35 hours' - n * interval '1 second'), tenant_id, $2::uuid, event_id, 'domain.added', 'succeeded', 1, 6, now(), now()
     FROM (SELECT * FROM deliveries LIMIT 1) d, generate_series(1, $1::int) n`,
    [ROWS / 3, quiet],
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

  test.each([
    ['an endpoint of which none has the status', () => ({ endpointId: quiet, statuses: ['failed'] })],
    ['a type of which none has the status', () => ({ type: 'domain.added', statuses: ['failed'] })],
    ['a type that the endpoint never got', () => ({ type: 'domain.drift', endpointId: quiet })],
    [
      'a type that the endpoint got in another status alone',
      () => ({ type: 'domain.added', endpointId: quiet, statuses: ['failed'] }),
    ],
  ] satisfies [string, () => DeliveryFilter][])(
    'of %s reads next to nothing, however many there are of either',
    async (_, filterOf) => {
      const cost = await costOf(async (client, database) => {
        expect((await listDeliveries(database, page, filterOf())).rows).toEqual([]);
        const wanted = { after: '00000000-0000-0000-0000-000000000000', except: [], limit: LIMIT };
        expect(await listNewDeliveries(database, wanted, filterOf())).toEqual([]);
        // Something must be read for its end to be seen.
        await client.delivery.findFirst({ select: { id: true } });
      });
      expect(cost).toBeLessThanOrEqual(8);
    },
    60_000,
  );

  test.each([
    ['a type', () => ({ type: 'domain.added' })],
    ['an endpoint', () => ({ endpointId: quiet })],
    ['a type at an endpoint', () => ({ type: 'domain.added', endpointId: quiet })],
  ] satisfies [string, () => DeliveryFilter][])(
    'of %s reads a page of each status',
    async (_what, filterOf) => {
      const cost = await costOf(async (_, database) => {
        const { rows } = await listDeliveries(database, page, filterOf());
        expect(rows.filter(({ type, endpointId }) => type === 'domain.added' && endpointId === quiet)).toHaveLength(
          LIMIT,
        );
        const ids = rows.map(({ id }) => id);
        expect(ids).toEqual([...ids].sort().reverse());
      });
      expect(cost).toBeLessThanOrEqual(deliveryStatuses.length * (LIMIT + 1) + 8);
    },
    60_000,
  );

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
