import type { Database } from '../open-database.ts';

/** Changes that are folded in one statement. */
const MAX_CHANGES = 20_000;
/** One folds at a time, over all dispatchers: who finds another at it leaves it to that one. */
const LOCK = 7_260_551;

/** Adds what has changed to the totals of the ledger, so that reading it stays cheap. @returns how many changes */
export async function foldLedger(database: Database): Promise<number> {
  const [row] = await database.$queryRaw<{ folded: number }[]>`
    WITH turn AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(${LOCK}) AS mine), taken AS (
      DELETE FROM ledger_changes WHERE id IN (
        SELECT id FROM ledger_changes WHERE (SELECT mine FROM turn) ORDER BY id LIMIT ${MAX_CHANGES})
      RETURNING tenant_id, name, change
    ), folded AS (
      INSERT INTO ledger_totals AS t (tenant_id, name, total)
      SELECT tenant_id, name, sum(change) FROM taken GROUP BY 1, 2 ORDER BY 1, 2
      ON CONFLICT (tenant_id, name) DO UPDATE SET total = t.total + excluded.total
    )
    SELECT count(*)::int AS folded FROM taken`;
  return row?.folded ?? 0;
}
