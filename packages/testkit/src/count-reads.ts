import { setTimeout as delay } from 'node:timers/promises';
import { closeDatabase, type Database, openDatabase } from '@posthorn/store/open-database';
import { eventually } from './eventually.ts';
import { runSql } from './run-sql.ts';

const SETTLED_MS = 300;

/** What was read of one table, all its partitions together. */
export interface Reads {
  /** Rows that were fetched from the table itself, by an index or by reading it through. */
  readonly rows: number;
  /** Rows that reading the table through went over. */
  readonly scanned: number;
  /** Entries that its indexes gave. */
  readonly entries: number;
}

async function readSoFar(databaseUrl: string, table: string): Promise<Reads> {
  const [row] = await runSql<{ [Name in keyof Reads]: number }>(
    databaseUrl,
    `SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int AS rows, sum(seq_tup_read)::int AS scanned,
            (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname ~ $1)::int AS entries
     FROM pg_stat_user_tables WHERE relname ~ $1 HAVING count(*) > 0`,
    [`^${table}(_default|_[0-9]{8})?$`],
  );
  if (!row) throw new Error(`There is no table ${table}`);
  return row;
}

/**
 * Counts what is read of a table on a connection of its own, which says so when it ends, at the latest.
 *
 * @param read must read something of the table
 */
export async function countReads(
  databaseUrl: string,
  table: string,
  read: (database: Database) => Promise<unknown>,
): Promise<Reads> {
  const before = await readSoFar(databaseUrl, table);
  const database = openDatabase(databaseUrl, 1);
  await read(database);
  await closeDatabase(database);
  return eventually(async () => {
    const [after] = [await readSoFar(databaseUrl, table), await delay(SETTLED_MS)];
    const { rows, scanned, entries } = await readSoFar(databaseUrl, table);
    if (entries + scanned === before.entries + before.scanned || entries !== after.entries || rows !== after.rows)
      return false;
    return { rows: rows - before.rows, scanned: scanned - before.scanned, entries: entries - before.entries };
  });
}
