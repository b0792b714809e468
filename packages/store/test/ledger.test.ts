import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Arranged, arrange } from '@posthorn/testkit/arrange';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { runSql } from '@posthorn/testkit/run-sql';
import fc from 'fast-check';
import { v7 } from 'uuid';
import { foldLedger } from '../src/engine/fold-ledger.ts';
import { readLedger } from '../src/operator/read-ledger.ts';

let arranged: Arranged;
let databaseUrl: string;
beforeAll(async () => {
  databaseUrl = await createTestDatabase();
  arranged = arrange(databaseUrl);
});
afterAll(() => arranged.close());

/** The same figures, counted row by row. */
async function counted(tenantId: string | null) {
  const where = tenantId === null ? {} : { tenantId };
  const { database } = arranged;
  const groups = await database.delivery.groupBy({ by: ['status'], where, _count: true });
  return {
    eventsAccepted: await database.event.count({ where }),
    deliveries: await database.delivery.count({ where }),
    byStatus: Object.fromEntries(groups.map(({ status, _count }) => [status, _count])),
  };
}

test('Whatever happens to deliveries, by whatever statement, the ledger says what counting would, folded or not', async () => {
  const { database } = arranged;
  const step = fc.oneof(
    fc.record({ kind: fc.constant('events' as const), count: fc.integer({ min: 1, max: 5 }) }),
    fc.record({
      kind: fc.constant('end' as const),
      status: fc.constantFrom('succeeded', 'failed', 'cancelled'),
      rows: fc.integer({ min: 1, max: 4 }),
    }),
    fc.record({ kind: fc.constant('replay' as const) }),
    fc.record({ kind: fc.constant('touch' as const) }),
    fc.record({ kind: fc.constant('fold' as const) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25, size: 'max' }), async (steps) => {
      const tenantId = await arranged.tenant();
      await arranged.endpoint(tenantId, 'https://one.example');
      await arranged.endpoint(tenantId, 'https://two.example', { status: 'disabled' });
      for (const next of steps) {
        const open = { tenantId, status: { in: ['pending', 'retrying'] } };
        if (next.kind === 'events') await arranged.events(tenantId, next.count);
        else if (next.kind === 'fold') await foldLedger(database);
        else if (next.kind === 'touch')
          await database.delivery.updateMany({ where: open, data: { generation: { increment: 1 } } });
        else if (next.kind === 'end') {
          const data = { status: next.status, dueAt: null, completedAt: new Date() };
          await database.delivery.updateMany({ where: open, data, limit: next.rows });
        } else {
          const found = await database.delivery.findFirst({ where: { tenantId } });
          if (!found) continue;
          const now = new Date();
          const fields = { status: 'pending', dueAt: now, createdAt: now, completedAt: null, replayOf: found.id };
          await database.delivery.create({ data: { ...found, id: v7(), ...fields } });
        }
      }
      for (const whose of [tenantId, null]) {
        const { byStatus, ...ledger } = await readLedger(database, whose);
        const expected = await counted(whose);
        expect(ledger).toMatchObject({ eventsAccepted: expected.eventsAccepted, deliveries: expected.deliveries });
        expect(byStatus).toMatchObject(expected.byStatus);
        expect(Object.values(byStatus).reduce((sum, count) => sum + count, 0)).toBe(expected.deliveries);
      }
    }),
    { numRuns: 40 },
  );
});

test('Folders at once count every change once', async () => {
  const tenantId = await arranged.tenant();
  await arranged.endpoint(tenantId, 'https://one.example');
  for (let round = 0; round < 10; round += 1) await arranged.events(tenantId, 3);
  await Promise.all(Array.from({ length: 6 }, () => foldLedger(arranged.database)));
  while ((await foldLedger(arranged.database)) > 0);
  expect(await arranged.database.ledgerChange.count()).toBe(0);
  expect(await readLedger(arranged.database, tenantId)).toMatchObject({ eventsAccepted: 30, deliveries: 30 });
});

test('The oldest due delivery is found among waiting and parked ones alike, of one tenant and of all', async () => {
  const tenantId = await arranged.tenant();
  await arranged.endpoint(tenantId, 'https://one.example');
  await arranged.events(tenantId, 2);
  const [first] = await arranged.database.delivery.findMany({ where: { tenantId } });
  const at = `now() - interval '1 hour'`;
  for (const parked of [false, true]) {
    await runSql(databaseUrl, `UPDATE deliveries SET due_at = ${at}, parked = ${parked} WHERE id = '${first?.id}'`);
    for (const whose of [tenantId, null]) {
      const { oldestDueMs } = await readLedger(arranged.database, whose);
      expect(oldestDueMs).toBeGreaterThanOrEqual(3_600_000);
      expect(oldestDueMs).toBeLessThan(3_700_000);
    }
  }
});
