import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Arranged, arrange } from '@posthorn/testkit/arrange';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { closeDatabase, type Database, openDatabase } from '../src/open-database.ts';

let databaseUrl: string;
let arranged: Arranged;
let tenantId: string;

beforeAll(async () => {
  databaseUrl = await createTestDatabase();
  arranged = arrange(databaseUrl);
  tenantId = await arranged.tenant();
  await arranged.endpoint(tenantId, 'https://one.example');
});
afterAll(() => arranged.close());

interface Kept {
  readonly name: string;
  readonly generic: number;
}

/** What the one connection of a pool keeps after storing events ten times. */
async function keptAfterTen(url: string): Promise<Kept[]> {
  const database: Database = openDatabase(url, 1);
  try {
    for (let times = 0; times < 10; times += 1) await arranged.events(tenantId, 3, { by: database });
    return await database.$queryRaw<Kept[]>`SELECT name, generic_plans::int AS generic FROM pg_prepared_statements`;
  } finally {
    await closeDatabase(database);
  }
}

test('The statement that stores events is planned a few times for a connection and not for each batch; no other plan is kept', async () => {
  expect(await keptAfterTen(databaseUrl)).toEqual([{ name: 'posthorn_1', generic: 5 }]);
});

test('Behind a pooler no plan is kept: the next statement may run on another connection', async () => {
  expect(await keptAfterTen(`${databaseUrl}?pgbouncer=true`)).toEqual([]);
});
