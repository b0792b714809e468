import { Prisma } from '../generated/client.ts';
import type { Database, Transaction } from '../open-database.ts';
import { takeTurn } from './take-turn.ts';

/** Pages of one transaction: some 20,000 rows at the most, whose locks nobody waits for long. */
const PAGES = 200;
const TIMEOUT_MS = 60_000;

/**
 * Goes through all of a table, so many pages at a time, for what no index leads to. Only for tables whose rows never change
 * their place for anybody else: they are added and deleted.
 *
 * @param step gets the condition that names the rows of its pages, by `ctid`
 * @returns the sum of what the steps return; `null` when it was somebody else's turn
 */
export async function walkPages(
  database: Database,
  table: 'idempotency_keys' | 'fired_pairs',
  step: (tx: Transaction, pages: Prisma.Sql) => Promise<number>,
): Promise<number | null> {
  const [size] = await database.$queryRaw<{ pages: number }[]>`
    SELECT (pg_relation_size(${table}::regclass) / current_setting('block_size')::int)::int AS pages`;
  let sum = 0;
  for (let page = 0; page < (size?.pages ?? 0); page += PAGES) {
    const pages = Prisma.sql`ctid >= ${`(${page},0)`}::text::tid AND ctid < ${`(${page + PAGES},0)`}::text::tid`;
    const done = await takeTurn(database, TIMEOUT_MS, (tx) => step(tx, pages));
    if (done === null) return null;
    sum += done;
  }
  return sum;
}
