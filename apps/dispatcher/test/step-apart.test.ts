import { beforeAll, describe, expect, test } from '@jest/globals';
import { closeDatabase, type Database, openDatabase } from '@posthorn/store/open-database';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { stepApart } from '../src/reconcile/step-apart.ts';

let databaseUrl: string;
beforeAll(async () => {
  databaseUrl = await createTestDatabase();
});

/** What becomes of a round whose step does this. */
async function roundWith(step: (database: Database) => Promise<unknown>, url = databaseUrl, statementTimeoutMs = 300) {
  const database = openDatabase(url, 1, { statementTimeoutMs });
  const logged: unknown[] = [];
  try {
    await stepApart(
      async () => void (await step(database)),
      (error) => logged.push(error),
    );
    return { goesOn: true, logged: logged.length };
  } catch {
    return { goesOn: false, logged: logged.length };
  } finally {
    await closeDatabase(database);
  }
}

const sleep = (database: Pick<Database, '$executeRaw'>, seconds: number) =>
  database.$executeRaw`SELECT pg_sleep(${seconds}::float8)`;

describe('A step that takes too long is logged and the round goes on: the search for due rows, its last step, is never starved', () => {
  test.each<[what: string, step: (database: Database) => Promise<unknown>, statementMs?: number]>([
    ['PostgreSQL cancels its statement', (database) => sleep(database, 2)],
    [
      'PostgreSQL cancels a statement of its transaction',
      (database) =>
        database.$transaction(async (tx) => {
          await tx.$executeRaw`SET LOCAL statement_timeout = 100`;
          await sleep(tx, 1);
        }),
      2_000,
    ],
    [
      'its transaction takes too long',
      (database) => database.$transaction((tx) => sleep(tx, 0.6), { timeout: 200 }),
      2_000,
    ],
  ])('where %s', async (_, step, statementMs = 300) => {
    expect(await roundWith(step, databaseUrl, statementMs)).toEqual({ goesOn: true, logged: 1 });
  });

  test('where the driver waits in vain for the answer', async () => {
    // Sessions of a pooler have no limits of ours, so pg's own comes first.
    const pooled = new URL(databaseUrl);
    pooled.searchParams.set('pgbouncer', 'true');
    expect(await roundWith((database) => sleep(database, 2), pooled.href)).toEqual({ goesOn: true, logged: 1 });
  });
});

test('A step that fails for itself is logged, and the round goes on', async () => {
  const broken = (database: Database) => database.$executeRaw`SELECT 1 / 0`;
  expect(await roundWith(broken)).toEqual({ goesOn: true, logged: 1 });
});

describe('A database that is away ends the round', () => {
  test.each<[what: string, step: (database: Database) => Promise<unknown>, url?: string]>([
    ['refuses connections', (database) => sleep(database, 0), 'postgresql://nobody@127.0.0.1:1/none'],
    [
      'has no connection for a transaction',
      (database) => Promise.all([sleep(database, 1), database.$transaction((tx) => sleep(tx, 0), { maxWait: 100 })]),
    ],
    ['closes the connection', (database) => database.$executeRaw`SELECT pg_terminate_backend(pg_backend_pid())`],
  ])('where it %s', async (_, step, url = databaseUrl) => {
    expect(await roundWith(step, url, 2_000)).toEqual({ goesOn: false, logged: 0 });
  });
});
