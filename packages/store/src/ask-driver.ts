import { driverOf } from './drivers.ts';
import type { Prisma } from './generated/client.ts';
import type { Database, Transaction } from './open-database.ts';

/**
 * Asks the driver that Prisma asks, on the same connections, without the third of a millisecond that Prisma takes for a
 * statement. For what is stored with every request, and claimed for every attempt; inside a transaction it goes through Prisma.
 *
 * @returns rows as the driver reads them: a uuid is text, an integer a number
 * @throws the driver's own errors, which `isUnavailable` and its like know as well
 */
export async function askDriver<Row extends object>(
  database: Database | Transaction,
  statement: Prisma.Sql,
): Promise<Row[]> {
  const driver = driverOf(database);
  if (!driver) return database.$queryRaw<Row[]>(statement);
  const { text, values } = statement;
  const { rows } = await driver.pool.query<Row>({ name: driver.nameOf({ sql: text }), text, values });
  return rows;
}
