import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Arranged, arrange } from '@posthorn/testkit/arrange';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { runSql } from '@posthorn/testkit/run-sql';
import fc from 'fast-check';
import { sumUsage } from '../src/engine/sum-usage.ts';
import { countUsage, type UsageRange } from '../src/tenant/count-usage.ts';
import { scopeToTenant } from '../src/tenant/scope-to-tenant.ts';

const MINUTE_MS = 60_000;

let databaseUrl: string;
let arranged: Arranged;
beforeAll(async () => {
  databaseUrl = await createTestDatabase();
  arranged = arrange(databaseUrl);
});
afterAll(() => arranged.close());

const used = async (tenantId: string, range: UsageRange) =>
  Object.fromEntries(await countUsage(scopeToTenant(arranged.database, tenantId), range));
const records = async (tenantId: string) => arranged.database.usageRecord.findMany({ where: { tenantId } });
async function sumAll(): Promise<void> {
  while ((await sumUsage(arranged.database)) !== 0);
}

test('Usage is what was metered, summed or not, of any time that begins and ends with a minute', async () => {
  const minute = fc.integer({ min: -90, max: 0 });
  const metered = fc.record({
    kind: fc.constantFrom('api_call', 'cert'),
    quantity: fc.integer({ min: 1, max: 9 }),
    minute,
    second: fc.integer({ min: 0, max: 59 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(metered, { minLength: 1, maxLength: 40, size: 'max' }),
      fc.array(fc.tuple(minute, minute), { minLength: 1, maxLength: 5, size: 'max' }),
      async (all, ranges) => {
        const [tenantId, other] = [await arranged.tenant(), await arranged.tenant()];
        const thisMinute = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
        const at = (minutes: number, seconds = 0) => new Date(thisMinute + minutes * MINUTE_MS + seconds * 1_000);
        const data = all.map(({ kind, quantity, minute: minutes, second }) => {
          return { kind, quantity, at: at(minutes, second) };
        });
        for (const owner of [tenantId, other])
          await arranged.database.usageRecord.createMany({ data: data.map((row) => ({ ...row, tenantId: owner })) });
        const asked: UsageRange[] = [{}, ...ranges.map(([a, b]) => ({ since: at(a), until: at(b) }))];
        const before = await Promise.all(asked.map((range) => used(tenantId, range)));
        await sumAll();
        expect(await Promise.all(asked.map((range) => used(tenantId, range)))).toEqual(before);
      },
    ),
    { numRuns: 30 },
  );
});

test('What was metered within the last hour stays as it was written; of what is older one record a minute stays', async () => {
  const tenantId = await arranged.tenant();
  const meter = (age: string, count: number) =>
    runSql(
      databaseUrl,
      `INSERT INTO usage_records (tenant_id, kind, quantity, at)
       SELECT $1::uuid, 'api_call', 1, now() - $2::interval FROM generate_series(1, $3::int)`,
      [tenantId, age, count],
    );
  await meter('3 hours', 500);
  await meter('2 hours', 500);
  await meter('59 minutes', 5);
  await sumAll();
  const kept = (await records(tenantId)).map(({ quantity, summed }) => `${quantity} ${summed}`);
  expect(kept.sort()).toEqual([...Array.from({ length: 5 }, () => '1 false'), '500 true', '500 true']);
});

test('Several who sum at once lose nothing and count nothing twice', async () => {
  const tenantId = await arranged.tenant();
  await runSql(
    databaseUrl,
    `INSERT INTO usage_records (tenant_id, kind, quantity, at)
     SELECT $1::uuid, 'api_call', 1, now() - interval '2 hours' - n * interval '1 second' FROM generate_series(1, 45000) n`,
    [tenantId],
  );
  const counts = await Promise.all(Array.from({ length: 6 }, () => sumUsage(arranged.database)));
  expect(counts.filter((count) => count !== null).every((count) => count <= 20_000)).toBe(true);
  await sumAll();
  expect(await used(tenantId, {})).toEqual({ api_call: 45_000 });
  expect((await records(tenantId)).length).toBeLessThan(45_000 / 60 + 5);
});
