import type { Database } from '../open-database.ts';
import { takeTurn, USAGE } from './take-turn.ts';

/** What was metered within the last hour stays as it was written: whoever asks for a part of a minute gets exactly that. */
const KEPT_MINUTES = 60;
/** Records that one statement sums. */
const MAX_RECORDS = 20_000;
const TIMEOUT_MS = 10_000;

/**
 * Puts one record of each minute, tenant and kind in place of those that came in it, so that usage stays cheap to read and does
 * not grow with what was metered.
 *
 * @returns how many records were summed, 20,000 at the most; `null` when it was somebody else's turn
 */
export const sumUsage = (database: Database): Promise<number | null> =>
  takeTurn(
    database,
    TIMEOUT_MS,
    async (tx) => {
      // The oldest by id, of which some may be too young: nothing is looked for behind them.
      const [row] = await tx.$queryRaw<{ summed: number }[]>`
        WITH oldest AS MATERIALIZED (
          SELECT id, at FROM usage_records WHERE NOT summed ORDER BY id LIMIT ${MAX_RECORDS}
        ), taken AS (
          DELETE FROM usage_records
          WHERE id IN (SELECT id FROM oldest
                       WHERE at < date_bin('1 minute', now(), 'epoch') - make_interval(mins => ${KEPT_MINUTES}::int))
          RETURNING tenant_id, kind, quantity, at
        ), put AS (
          INSERT INTO usage_records (tenant_id, kind, quantity, at, summed)
          SELECT tenant_id, kind, sum(quantity), date_bin('1 minute', at, 'epoch') AS minute, true
          FROM taken GROUP BY tenant_id, kind, minute
        )
        SELECT count(*)::int AS summed FROM taken`;
      return row?.summed ?? 0;
    },
    USAGE,
  );
