// The backlog without jobs is looked at four times a second by every dispatcher: what that costs must not grow with it.
import { beforeAll, expect, test } from '@jest/globals';
import type { IdSpan } from '@posthorn/domain/id-span';
import { arrange } from '@posthorn/testkit/arrange';
import { countReads } from '@posthorn/testkit/count-reads';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { runSql } from '@posthorn/testkit/run-sql';
import { v7 } from 'uuid';
import { claimDeliveries } from '../src/engine/claim-deliveries.ts';
import { claimParked } from '../src/engine/claim-parked.ts';
import { listDueDeliveries } from '../src/engine/list-due-deliveries.ts';
import { listParkedEndpoints, PARKED_START } from '../src/engine/list-parked-endpoints.ts';
import { readOpenSpan } from '../src/engine/read-open-span.ts';
import { readLedger } from '../src/operator/read-ledger.ts';

const TENANTS = 3;
const ENDPOINTS = 4;
const ROWS_EACH = 8_000;
const JOBS = 50;
interface Backlog {
  readonly databaseUrl: string;
  readonly span: IdSpan;
  readonly wanted: readonly { tenantId: string; endpointId: string; limit: number }[];
}

async function fill(): Promise<Backlog> {
  const databaseUrl = await createTestDatabase();
  const wanted: Backlog['wanted'][number][] = [];
  const arranged = arrange(databaseUrl);
  for (let count = 0; count < TENANTS; count += 1) {
    const tenantId = await arranged.tenant();
    for (let index = 0; index < ENDPOINTS; index += 1) {
      const endpointId = await arranged.endpoint(tenantId, `https://${index}.example`);
      wanted.push({ tenantId, endpointId, limit: 5 });
    }
    await arranged.events(tenantId, 1);
  }
  const span = await readOpenSpan(arranged.database);
  await arranged.close();
  await runSql(databaseUrl, 'ALTER TABLE deliveries DISABLE TRIGGER USER');
  await runSql(
    databaseUrl,
    `INSERT INTO deliveries (id, tenant_id, endpoint_id, event_id, type, status, attempt_limit, due_at, parked, created_at)
     SELECT uuid_v7_at(now()), tenant_id, endpoint_id, event_id, type, 'pending', 6, now() - n * interval '1 ms', true, now()
     FROM deliveries, generate_series(1, $1::int) n`,
    [ROWS_EACH],
  );
  return { databaseUrl, span, wanted };
}

let known: Backlog;
/** Made a moment ago: nothing has been counted of it yet. */
let young: Backlog;

beforeAll(async () => {
  known = await fill();
  await runSql(known.databaseUrl, 'VACUUM ANALYZE');
  young = await fill();
}, 120_000);

const backlogs = [
  ['of a backlog that was counted', () => known],
  ['of one that no ANALYZE has seen', () => young],
] as const;

test.each(backlogs)(
  'Looking %s for endpoints with parked rows reads a few entries for each',
  async (_, backlog) => {
    const endpoints = TENANTS * ENDPOINTS;
    const { databaseUrl, span } = backlog();
    const { entries, scanned } = await countReads(databaseUrl, 'deliveries', async (client) => {
      const limits = { tenants: 100, endpoints: 1_000 };
      const { endpoints: found } = await listParkedEndpoints(client, PARKED_START, limits, span);
      expect(found).toHaveLength(endpoints);
    });
    expect(entries).toBeLessThanOrEqual(4 * (endpoints + TENANTS));
    expect(scanned).toBe(0);
  },
  60_000,
);

test.each(backlogs)(
  'The ledger %s reads a few entries for each endpoint',
  async (_, backlog) => {
    const { entries, scanned } = await countReads(backlog().databaseUrl, 'deliveries', (client) =>
      readLedger(client, null),
    );
    expect(entries).toBeLessThanOrEqual(4 * TENANTS * ENDPOINTS);
    expect(scanned).toBe(0);
  },
  60_000,
);

test('Claiming reads what it claims, also of a backlog that no ANALYZE has seen', async () => {
  const { databaseUrl, span, wanted } = young;
  const claims = wanted.reduce((sum, { limit }) => sum + limit, 0);
  const { entries, scanned } = await countReads(databaseUrl, 'deliveries', async (client) => {
    const rows = await claimParked(client, wanted, { token: v7(), dispatcherId: null, marginMs: 60_000 }, span);
    expect(rows).toHaveLength(claims);
  });
  expect(entries).toBeLessThanOrEqual(3 * claims);
  expect(scanned).toBe(0);
}, 60_000);

test('Claiming reads what it claims, of all endpoints in one statement, and the due scan none of the backlog', async () => {
  const { databaseUrl, span, wanted } = known;
  const claims = wanted.reduce((sum, { limit }) => sum + limit, 0);
  const { entries, scanned } = await countReads(databaseUrl, 'deliveries', async (client) => {
    const rows = await claimParked(client, wanted, { token: v7(), dispatcherId: null, marginMs: 60_000 }, span);
    expect(rows).toHaveLength(claims);
    const due = await listDueDeliveries(client, -1_000, null, 1_000);
    expect(due.rows).toHaveLength(TENANTS * ENDPOINTS);
  });
  // Each claimed row is read in the backlog and by its id, and the due scan finds one row of each endpoint.
  expect(entries).toBeLessThanOrEqual(3 * claims + 2 * TENANTS * ENDPOINTS);
  expect(scanned).toBe(0);
}, 60_000);

// The last, since they give jobs to some of the backlog.
test.each(backlogs)(
  'Claiming by jobs %s reads what it claims',
  async (_, backlog) => {
    const { databaseUrl } = backlog();
    const jobs = await runSql<{ deliveryId: string; generation: number }>(
      databaseUrl,
      'UPDATE deliveries SET parked = false WHERE get_byte(uuid_send(id), 15) % 8 = 0 RETURNING id AS "deliveryId", generation',
    );
    const wanted = jobs.slice(0, JOBS);
    const { entries, scanned } = await countReads(databaseUrl, 'deliveries', async (client) => {
      const claims = await claimDeliveries(client, wanted, { token: v7(), dispatcherId: null, marginMs: 60_000 });
      expect(claims.filter(({ kind }) => kind === 'claimed')).toHaveLength(JOBS);
    });
    expect(entries).toBeLessThanOrEqual(3 * JOBS);
    expect(scanned).toBe(0);
  },
  60_000,
);

test.each(backlogs)(
  'A page of the due scan %s reads what it shows',
  async (_, backlog) => {
    const { databaseUrl, span } = backlog();
    const { entries, scanned } = await countReads(databaseUrl, 'deliveries', async (client) => {
      const due = await listDueDeliveries(client, 0, null, JOBS, span);
      expect(due.rows).toHaveLength(JOBS);
    });
    // Those claimed above still stand among them.
    expect(entries).toBeLessThanOrEqual(3 * JOBS);
    expect(scanned).toBe(0);
  },
  60_000,
);
