import type { Database, Transaction } from '../open-database.ts';

/**
 * Runs statements that walk an index step by step (`ORDER BY … LIMIT 1`). Of rows that no ANALYZE has seen the planner
 * expects one or none, and to read and sort them seems cheaper; here it may sort only what no index has in order.
 */
export const walkIndex = <Result>(database: Database, walk: (tx: Transaction) => Promise<Result>): Promise<Result> =>
  database.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT set_config('enable_sort', 'off', true), set_config('enable_incremental_sort', 'off', true)`;
    return walk(tx);
  });
