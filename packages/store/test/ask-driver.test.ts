import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { eventually } from '@posthorn/testkit/eventually';
import { runSql } from '@posthorn/testkit/run-sql';
import { sqltag as sql } from '@prisma/client/runtime/client';
import { askDriver } from '../src/ask-driver.ts';
import { isDuplicate, isUnavailable } from '../src/is-unavailable.ts';
import { closeDatabase, type Database, openDatabase } from '../src/open-database.ts';

/** An idle connection closes by itself after ten seconds. */
const SOONER_THAN_IDLE_MS = 5_000;

let databaseUrl: string;
let database: Database;

beforeAll(async () => {
  databaseUrl = await createTestDatabase();
  database = openDatabase(databaseUrl, 1);
});
afterAll(() => closeDatabase(database));

const tell = (name: string) => sql`
  INSERT INTO ledger_totals (tenant_id, name, total) VALUES ('01a203f8-158d-713b-8ccb-1565e5a9cdb2', ${name}, 1) RETURNING name`;
const told = (name: string) => runSql(databaseUrl, 'SELECT 1 FROM ledger_totals WHERE name = $1', [name]);
const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

describe('What the driver is asked', () => {
  test('Values reach the statement, arrays with NULL among them, and rows come back by name', async () => {
    const texts = ['a"b', null, '{,}', '\\'];
    const rows = await askDriver<{ text: string | null; place: number }>(
      database,
      sql`SELECT text, place::int FROM unnest(${texts}::text[]) WITH ORDINALITY AS t(text, place)`,
    );
    expect(rows).toEqual(texts.map((text, index) => ({ text, place: index + 1 })));
  });

  test('It is part of a transaction that it is asked in', async () => {
    const rolledBack = database.$transaction(async (tx) => {
      await askDriver(tx, tell('rolled back'));
      throw new Error('Not this one');
    });
    await expect(rolledBack).rejects.toThrow('Not this one');
    expect(await told('rolled back')).toHaveLength(0);
  });

  test('A row that is there already is known as a duplicate', async () => {
    await askDriver(database, tell('twice'));
    const error = await errorOf(askDriver(database, tell('twice')));
    expect([isDuplicate(error), isUnavailable(error)]).toEqual([true, false]);
  });
});

describe('When the database goes', () => {
  test('A statement that was cut off, and one that finds nobody, are known as unavailable', async () => {
    const cutOff = errorOf(askDriver(database, sql`SELECT pg_terminate_backend(pg_backend_pid())`));
    expect(isUnavailable(await cutOff)).toBe(true);
    const nobody = openDatabase('postgresql://posthorn@127.0.0.1:1/posthorn', 1);
    expect(isUnavailable(await errorOf(askDriver(nobody, sql`SELECT 1`)))).toBe(true);
    await closeDatabase(nobody);
  });

  test('An idle connection that was ended is replaced, also where Prisma never connected', async () => {
    const only = openDatabase(databaseUrl, 1);
    await askDriver(only, sql`SELECT 1`);
    await runSql(
      databaseUrl,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    const answer = await eventually(() => askDriver(only, sql`SELECT 1 AS one`));
    expect(answer).toEqual([{ one: 1 }]);
    await closeDatabase(only);
  });
});

test('A handle that Prisma itself never used gives its connections back when it is closed', async () => {
  const only = openDatabase(databaseUrl, 2);
  const [row] = await askDriver<{ pid: number }>(only, sql`SELECT pg_backend_pid() AS pid`);
  await closeDatabase(only);
  await eventually(async () => {
    const left = await runSql(databaseUrl, 'SELECT 1 FROM pg_stat_activity WHERE pid = $1', [row?.pid]);
    expect(left).toHaveLength(0);
  }, SOONER_THAN_IDLE_MS);
});
