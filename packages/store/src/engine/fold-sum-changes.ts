import type { Database, Transaction } from '../open-database.ts';
import { addAttempts, addDeliveries } from './add-to-sums.ts';
import { SUMS, takeTurn } from './take-turn.ts';

/** Changes that are folded in one statement. */
const MAX_CHANGES = 20_000;
const TIMEOUT_MS = 8_000;

const foldDeliveries = (tx: Transaction): Promise<number> => tx.$executeRaw`
  WITH fresh AS (
    DELETE FROM delivery_sum_changes WHERE id IN (
      SELECT id FROM delivery_sum_changes WHERE at < (SELECT summed_before FROM sum_progress) ORDER BY id LIMIT ${MAX_CHANGES})
    RETURNING tenant_id, endpoint_id, at, status, change AS n
  )
  ${addDeliveries}`;

const foldAttempts = (tx: Transaction): Promise<number> => tx.$executeRaw`
  WITH fresh AS (
    DELETE FROM attempt_sum_changes WHERE id IN (
      SELECT id FROM attempt_sum_changes WHERE at < (SELECT summed_before FROM sum_progress) ORDER BY id LIMIT ${MAX_CHANGES})
    RETURNING tenant_id, endpoint_id, at, succeeded, answered_ms, change AS n
  ), ${addAttempts}`;

/**
 * Adds what was noted of times that are summed to their sums, so that reading them stays cheap. Any number of dispatchers
 * may call this at once.
 */
export async function foldSumChanges(database: Database): Promise<void> {
  const [noted] = await database.$queryRaw<{ deliveries: boolean; attempts: boolean }[]>`
    SELECT EXISTS (SELECT FROM delivery_sum_changes) AS deliveries, EXISTS (SELECT FROM attempt_sum_changes) AS attempts`;
  if (!noted?.deliveries && !noted?.attempts) return;
  await takeTurn(
    database,
    TIMEOUT_MS,
    async (tx) => {
      if (noted.deliveries) await foldDeliveries(tx);
      if (noted.attempts) await foldAttempts(tx);
    },
    SUMS,
  );
}
