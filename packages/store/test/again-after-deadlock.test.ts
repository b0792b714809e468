import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Arranged, arrange } from '@posthorn/testkit/arrange';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { againAfterDeadlock } from '../src/again-after-deadlock.ts';

let arranged: Arranged;
beforeAll(async () => {
  arranged = arrange(await createTestDatabase());
});
afterAll(() => arranged.close());

test('Of transactions that lock the same rows in opposite orders each is carried out, and once', async () => {
  const tenantId = await arranged.tenant();
  const endpoints = [
    await arranged.endpoint(tenantId, 'https://a.example'),
    await arranged.endpoint(tenantId, 'https://b.example'),
  ];
  let tries = 0;
  let arrived = 0;
  let meet: () => void = () => undefined;
  const met = new Promise<void>((resolve) => (meet = resolve));
  const note = (order: string[]) =>
    againAfterDeadlock(() =>
      arranged.database.$transaction(async (tx) => {
        tries += 1;
        for (const [index, id] of order.entries()) {
          await tx.$executeRaw`UPDATE endpoints SET description = description || 'x' WHERE id = ${id}::uuid`;
          if (index > 0) continue;
          // Each holds its first row before either asks for its second.
          arrived += 1;
          if (arrived >= 2) meet();
          await met;
        }
      }),
    );
  await Promise.all([note(endpoints), note(endpoints.toReversed())]);
  const rows = await arranged.database.endpoint.findMany({ where: { tenantId } });
  expect(rows.map(({ description }) => description)).toEqual(['xx', 'xx']);
  expect(tries).toBe(3);
});
