import type { Database } from '../open-database.ts';

/** A moment, but none that is still to come by the database's clock; `null`: now. */
export async function limitToNow(database: Database, moment: Date | null): Promise<Date> {
  const [row] = await database.$queryRaw<{ moment: Date }[]>`SELECT least(${moment}::timestamptz, now()) AS moment`;
  if (!row) throw new Error('PostgreSQL did not say what time it is');
  return row.moment;
}
