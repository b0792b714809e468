import { type Driver, driversOf } from './drivers.ts';
import type { Prisma } from './generated/client.ts';
import type { Database, Transaction } from './open-database.ts';

async function ask<Row extends object>({ pool, nameOf }: Driver, { text, values }: Prisma.Sql): Promise<Row[]> {
  const { rows } = await pool.query<Row>({ name: nameOf({ sql: text }), text, values });
  return rows;
}

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
  const drivers = driversOf(database);
  return drivers ? ask(drivers.shared, statement) : database.$queryRaw<Row[]>(statement);
}

/**
 * The same for a statement that finds every row of a large table by its id, and that says between which ids they are: on
 * connections that plan it once, for whatever ids, and that read no table from end to end, however small it was then. Which
 * partitions the ids are in PostgreSQL finds out when it runs it. On other connections it is planned each time.
 */
export async function askByIds<Row extends object>(
  database: Database | Transaction,
  statement: Prisma.Sql,
): Promise<Row[]> {
  const byIds = driversOf(database)?.byIds;
  return byIds ? ask(byIds, statement) : askDriver(database, statement);
}
