import type { Database, Transaction } from '../open-database.ts';

/** One looks after the partitions at a time, over all dispatchers. */
const PARTITIONS = 7_260_553;
/** And one adds to the sums of the statistics. */
export const SUMS = 7_260_554;
/** And one sums usage. */
export const USAGE = 7_260_555;

/**
 * Runs one step of the upkeep in a transaction of its own, unless another dispatcher is at one.
 *
 * @param timeoutMs for all of it, and for each of its statements
 * @param turn whose steps exclude each other
 * @returns `null` when it was somebody else's turn
 */
export const takeTurn = <Result>(
  database: Database,
  timeoutMs: number,
  step: (tx: Transaction) => Promise<Result>,
  turn = PARTITIONS,
): Promise<Result | null> =>
  database.$transaction(
    async (tx) => {
      // Behind a pooler the session's own limit is that of everybody's statements.
      const [taken] = await tx.$queryRaw<{ mine: boolean }[]>`
        SELECT pg_try_advisory_xact_lock(${turn}) AS mine, set_config('statement_timeout', ${String(timeoutMs)}, true)`;
      return taken?.mine === true ? step(tx) : null;
    },
    { timeout: timeoutMs },
  );

/** How long the statements of this transaction wait for a lock, and so for how long those behind them do. */
export async function limitWaiting(tx: Transaction, waitMs: number): Promise<void> {
  await tx.$queryRaw`SELECT set_config('lock_timeout', ${String(waitMs)}, true)`;
}
