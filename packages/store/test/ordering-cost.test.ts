// A line may be thousands long and a key be posted to all the time: what it costs must not grow with who waits.
import { beforeAll, expect, test } from '@jest/globals';
import { type Arranged, arrange } from '@posthorn/testkit/arrange';
import { countReads } from '@posthorn/testkit/count-reads';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { runSql } from '@posthorn/testkit/run-sql';
import { acceptEvents } from '../src/engine/accept-events.ts';
import { listDueDeliveries } from '../src/engine/list-due-deliveries.ts';
import type { OrderingLine } from '../src/engine/ordering-line.ts';
import { releaseHeld } from '../src/engine/release-held.ts';
import { SWEEP_START, sweepHeld } from '../src/engine/sweep-held.ts';
import { findDelivery } from '../src/tenant/find-delivery.ts';
import { scopeToTenant } from '../src/tenant/scope-to-tenant.ts';
import { requestAt } from './age-events.ts';

const LINES = 6;
const HELD_EACH = 5_000;
/** What is read of each line, and once of the rows that do not matter. */
const FEW = 6;

interface Backlog {
  readonly databaseUrl: string;
  readonly tenantId: string;
  readonly endpointId: string;
  readonly lines: readonly OrderingLine[];
}

/** Lines with a head that is under way and thousands behind it. */
async function fill(): Promise<Backlog> {
  const databaseUrl = await createTestDatabase();
  const arranged: Arranged = arrange(databaseUrl);
  const tenantId = await arranged.tenant();
  const endpointId = await arranged.endpoint(tenantId, 'https://one.example');
  const lines = Array.from({ length: LINES }, (_, index) => ({ endpointId, orderingKey: `key-${index}` }));
  for (const { orderingKey } of lines) await arranged.events(tenantId, 1, { orderingKey });
  await arranged.close();
  await runSql(databaseUrl, 'ALTER TABLE deliveries DISABLE TRIGGER USER');
  await runSql(
    databaseUrl,
    `INSERT INTO deliveries (id, tenant_id, endpoint_id, event_id, type, status, attempt_limit, due_at, ordering_key,
                             ordering_position, created_at)
     SELECT uuid_v7_at(now()), tenant_id, endpoint_id, event_id, type, 'pending', 6, held_until(), ordering_key,
            nextval('ordering_positions'), now()
     FROM deliveries, generate_series(1, $1::int)`,
    [HELD_EACH],
  );
  return { databaseUrl, tenantId, endpointId, lines };
}

const backlogs: { known?: Backlog; young?: Backlog } = {};
beforeAll(async () => {
  backlogs.known = await fill();
  await runSql(backlogs.known.databaseUrl, 'VACUUM ANALYZE');
  backlogs.young = await fill();
}, 120_000);

/** Made a moment ago, nothing has been counted of it yet; and one that PostgreSQL knows. */
const ages = ['young', 'known'] as const;
const backlogOf = (age: (typeof ages)[number]): Backlog => backlogs[age] as Backlog;

test.each(ages)(
  'Looking whether somebody may go reads a few entries of each line (%s)',
  async (age) => {
    const { databaseUrl, lines } = backlogOf(age);
    const { entries, scanned } = await countReads(databaseUrl, 'deliveries', async (client) => {
      expect(await releaseHeld(client, lines)).toEqual([]);
    });
    expect(entries).toBeLessThanOrEqual(FEW * LINES);
    expect(scanned).toBe(0);
  },
  60_000,
);

test.each(ages)(
  'A sweep reads a few entries of each line that it looks at (%s)',
  async (age) => {
    const { databaseUrl } = backlogOf(age);
    const { entries, scanned } = await countReads(databaseUrl, 'deliveries', async (client) => {
      expect(await sweepHeld(client, SWEEP_START, 100)).toEqual({ released: [], next: SWEEP_START });
    });
    expect(entries).toBeLessThanOrEqual(2 * FEW * LINES);
    expect(scanned).toBe(0);
  },
  60_000,
);

test.each(ages)(
  'Joining a line reads a few entries of it, however many do so at once (%s)',
  async (age) => {
    const { databaseUrl, tenantId } = backlogOf(age);
    const requests = Array.from({ length: 100 }, (_, index) => {
      const plain = requestAt(tenantId, new Date());
      return { ...plain, events: [{ ...plain.events[0], orderingKey: `key-${index % LINES}` }] as const };
    });
    const { entries, scanned } = await countReads(databaseUrl, 'deliveries', async (client) => {
      const results = await acceptEvents(client, requests);
      expect(results.flatMap((result) => (result.kind === 'accepted' ? result.due : []))).toEqual([]);
      expect(results.flatMap((result) => (result.kind === 'accepted' ? result.waitsIn : []))).toHaveLength(LINES);
    });
    expect(entries).toBeLessThanOrEqual(FEW * LINES);
    expect(scanned).toBe(0);
  },
  60_000,
);

test.each(ages)(
  'Whoever looks for due rows, or shows a held one, goes past none of those that wait (%s)',
  async (age) => {
    const { databaseUrl, tenantId } = backlogOf(age);
    const [last] = await runSql<{ id: string }>(
      databaseUrl,
      'SELECT id FROM deliveries WHERE due_at = held_until() ORDER BY ordering_position DESC LIMIT 1',
    );
    const { entries, scanned } = await countReads(databaseUrl, 'deliveries', async (client) => {
      expect((await listDueDeliveries(client, -60_000, null, 1_000)).rows).toHaveLength(LINES);
      expect(await findDelivery(scopeToTenant(client, tenantId), last?.id ?? '')).toMatchObject({
        waitsFor: expect.any(String),
      });
    });
    expect(entries).toBeLessThanOrEqual(FEW * LINES);
    expect(scanned).toBe(0);
  },
  60_000,
);

test.each(ages)(
  'Releasing reads what it releases, and once nobody can wait for them those that are passed (%s)',
  async (age) => {
    const { databaseUrl, endpointId, lines } = backlogOf(age);
    await runSql(databaseUrl, "UPDATE deliveries SET status = 'retrying', attempts = 1 WHERE due_at <> held_until()");
    await runSql(databaseUrl, 'UPDATE endpoints SET ordering_skip_after = 1 WHERE id = $1', [endpointId]);
    const { entries, scanned } = await countReads(databaseUrl, 'deliveries', async (client) => {
      expect(await releaseHeld(client, lines)).toHaveLength(LINES);
    });
    expect(entries).toBeLessThanOrEqual(2 * FEW * LINES);
    expect(scanned).toBe(0);
  },
  60_000,
);
