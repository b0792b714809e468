import type { Database } from '../src/open-database.ts';

/**
 * Which partitions the statements of `run` touch: to plan for one is to lock it, and nothing else does.
 *
 * @returns names of tables, each once, in order
 */
export const touchedPartitions = (database: Database, run: (tx: Database) => Promise<unknown>): Promise<string[]> =>
  database.$transaction(async (tx) => {
    await run(tx as Database);
    const rows = await tx.$queryRaw<{ name: string }[]>`
      SELECT DISTINCT relname::text AS name FROM pg_locks JOIN pg_class c ON c.oid = relation
      WHERE pid = pg_backend_pid() AND relkind = 'r' AND relispartition ORDER BY 1`;
    return rows.map(({ name }) => name);
  });
