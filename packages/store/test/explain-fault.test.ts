import { beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { withDatabase } from '@posthorn/testkit/with-database';
import { sqltag as sql } from '@prisma/client/runtime/client';
import { askDriver } from '../src/ask-driver.ts';
import { explainFault, isUnavailable } from '../src/is-unavailable.ts';
import { closeDatabase, type Database, openDatabase, pingDatabase } from '../src/open-database.ts';

let databaseUrl: string;
beforeAll(async () => {
  databaseUrl = await createTestDatabase();
});

function withUser(username: string, password: string): string {
  const url = new URL(databaseUrl);
  return Object.assign(url, { username, password }).href;
}

const REFUSED = 'the server refuses the user, the password or the database of DATABASE_URL';

/** Each way in which the store asks. */
const ways: readonly (readonly [string, (database: Database) => Promise<unknown>])[] = [
  ['a model', (database) => database.tenant.findFirst()],
  ['a raw query', (database) => database.$queryRaw`SELECT id FROM tenants LIMIT 1`],
  ['the driver', (database) => askDriver(database, sql`SELECT id FROM tenants LIMIT 1`)],
  ['a probe', pingDatabase],
];

test.each(ways.map(([name, ask]) => ({ name, ask })))(
  'What $name is refused with says what an operator can do, and is no fault of the request',
  async ({ ask }) => {
    const faultOf = async (url: string): Promise<[string, boolean]> => {
      const database = openDatabase(url, 1);
      const error: unknown = await ask(database).then(
        () => new Error('It was answered'),
        (thrown: unknown) => thrown,
      );
      await closeDatabase(database);
      return [explainFault(error), isUnavailable(error)];
    };
    expect(await faultOf(withUser('posthorn', 'wrong'))).toEqual([REFUSED, true]);
    expect(await faultOf(withUser('nobody', 'wrong'))).toEqual([REFUSED, true]);
    expect(await faultOf(withDatabase(databaseUrl, 'none_such'))).toEqual([REFUSED, true]);
    expect(await faultOf('postgresql://nobody@127.0.0.1:1/none')).toEqual(['the database is away', true]);
    // Every cluster has one, and it has no tables.
    const unmigrated = withDatabase(databaseUrl, 'postgres');
    expect(await faultOf(unmigrated)).toEqual(['the database was never migrated (npm run db:migrate)', false]);
  },
);
