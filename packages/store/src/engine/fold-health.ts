import { Prisma } from '../generated/client.ts';
import type { Database, Transaction } from '../open-database.ts';
import { disableExhausted } from './disable-exhausted.ts';

/** How long an endpoint must have been failing, where it says nothing itself; 0: never. */
export interface FailurePolicy {
  readonly warnAfterSeconds: number;
  readonly disableAfterSeconds: number;
}

/** What a round of folding did. */
export interface FoldedHealth {
  readonly folded: number;
  /** Endpoints that were disabled with it. */
  readonly disabled: readonly string[];
  /** Whether there may be more than one call folds. */
  readonly more: boolean;
}

/**
 * Changes that are folded in one call, so that endpoints whose policy is followed in it are no more: disabling eight thousand
 * at once took longer than a statement may, each time.
 */
export const MAX_CHANGES = 500;
const TIMEOUT_MS = 8_000;
/** One folds at a time, over all dispatchers: who finds another at it leaves it to that one. */
const LOCK = 7_260_552;
/** Of an endpoint's open deliveries, the oldest of so many stands in the mail. */
const MAX_OPEN_LOOKED_AT = 1_000;

interface FoldedRow {
  readonly folded: number;
  readonly failing: string[] | null;
}

/** What is older than the last attempt that succeeded counts no longer. */
const foldChanges = (tx: Transaction): Promise<FoldedRow[]> => tx.$queryRaw<FoldedRow[]>`
  WITH taken AS (
    DELETE FROM health_changes WHERE id IN (SELECT id FROM health_changes ORDER BY id LIMIT ${MAX_CHANGES}) RETURNING *
  ), marked AS (
    SELECT *, max(id) FILTER (WHERE breaks) OVER (PARTITION BY endpoint_id) AS last_break FROM taken
  ), summed AS (
    SELECT tenant_id, endpoint_id, bool_or(breaks) AS broke,
           coalesce(sum(failures) FILTER (WHERE id >= coalesce(last_break, 0)), 0) AS failures,
           min(at) FILTER (WHERE failures > 0 AND id >= coalesce(last_break, 0)) AS first_failure_at,
           max(at) FILTER (WHERE failed) AS last_failure_at, max(at) FILTER (WHERE succeeded) AS last_success_at
    FROM marked GROUP BY 1, 2
  ), folded AS (
    INSERT INTO endpoint_health AS t (tenant_id, endpoint_id, consecutive_failures, first_failure_at, last_failure_at,
                                      last_success_at, warned_at)
    SELECT s.tenant_id, s.endpoint_id,
           s.failures + CASE WHEN s.broke THEN 0 ELSE coalesce(h.consecutive_failures, 0) END,
           CASE WHEN s.broke THEN s.first_failure_at ELSE coalesce(h.first_failure_at, s.first_failure_at) END,
           greatest(h.last_failure_at, s.last_failure_at), greatest(h.last_success_at, s.last_success_at),
           CASE WHEN NOT s.broke THEN h.warned_at END
    FROM summed s LEFT JOIN endpoint_health h ON h.endpoint_id = s.endpoint_id
    ORDER BY s.endpoint_id
    ON CONFLICT (endpoint_id) DO UPDATE SET
      consecutive_failures = excluded.consecutive_failures, first_failure_at = excluded.first_failure_at,
      last_failure_at = excluded.last_failure_at, last_success_at = excluded.last_success_at,
      warned_at = excluded.warned_at
    RETURNING t.endpoint_id, t.consecutive_failures
  )
  SELECT (SELECT count(*)::int FROM taken) AS folded,
         (SELECT array_agg(endpoint_id::text) FROM folded WHERE consecutive_failures > 1) AS failing`;

/** The delivery that a mail shows: the oldest that is still open, so that recovering since then finds all of them. */
const shownDelivery = Prisma.sql`
  SELECT id FROM (
    SELECT id FROM deliveries d WHERE d.endpoint_id = h.endpoint_id AND d.status IN ('pending', 'retrying')
    ORDER BY due_at LIMIT ${MAX_OPEN_LOOKED_AT}) open
  ORDER BY id LIMIT 1`;

/** Of the endpoints that just failed again, those that have for too long are disabled, and others' tenants warned once. */
const followPolicy = (tx: Transaction, failing: readonly string[], policy: FailurePolicy): Promise<{ id: string }[]> =>
  tx.$queryRaw<{ id: string }[]>`
    WITH failing AS (
      SELECT h.endpoint_id, h.tenant_id, h.warned_at,
             'Every attempt since ' || to_char(h.first_failure_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
               || ' failed, ' || h.consecutive_failures || ' so far' AS reason,
             extract(epoch FROM h.last_failure_at - h.first_failure_at) AS seconds,
             coalesce(e.warn_after_seconds, ${policy.warnAfterSeconds}::int) AS warn_after,
             coalesce(e.disable_after_seconds, ${policy.disableAfterSeconds}::int) AS disable_after
      FROM endpoint_health h JOIN endpoints e ON e.id = h.endpoint_id
      WHERE h.endpoint_id = ANY (${[...failing]}::text[]::uuid[]) AND e.status = 'enabled' AND e.deleted_at IS NULL
    ), exhausted AS (
      SELECT endpoint_id, (${shownDelivery}) AS delivery_id, reason FROM failing h
      WHERE disable_after > 0 AND seconds >= disable_after
    ), ${disableExhausted}, warned AS (
      UPDATE endpoint_health t SET warned_at = now() FROM failing f
      WHERE t.endpoint_id = f.endpoint_id AND f.warned_at IS NULL AND f.warn_after > 0 AND f.seconds >= f.warn_after
        AND f.endpoint_id NOT IN (SELECT endpoint_id FROM exhausted)
      RETURNING t.endpoint_id, t.tenant_id, f.reason
    ), told AS (
      INSERT INTO notifications (id, tenant_id, endpoint_id, delivery_id, kind, reason)
      SELECT uuid_v7_at(now()), tenant_id, endpoint_id, (${shownDelivery}), 'endpoint-failing', reason FROM warned h
    )
    SELECT id FROM disabled`;

async function isMyTurn(tx: Transaction): Promise<boolean> {
  const [turn] = await tx.$queryRaw<{ mine: boolean }[]>`SELECT pg_try_advisory_xact_lock(${LOCK}) AS mine`;
  return turn?.mine === true;
}

/**
 * Adds what has changed to the health of endpoints, and follows the policy where one keeps failing; a bounded part of it.
 * Any number of dispatchers may call this at once.
 */
export async function foldHealth(database: Database, policy: FailurePolicy): Promise<FoldedHealth> {
  const nothing = { folded: 0, disabled: [], more: false };
  const [waiting] = await database.$queryRaw<unknown[]>`SELECT 1 FROM health_changes LIMIT 1`;
  if (!waiting) return nothing;
  return database.$transaction(
    async (tx) => {
      // A statement of its own, so that the next one sees all that the one before this dispatcher folded.
      if (!(await isMyTurn(tx))) return nothing;
      const [row] = await foldChanges(tx);
      const failing = row?.failing ?? [];
      const disabled = failing.length > 0 ? await followPolicy(tx, failing, policy) : [];
      const folded = row?.folded ?? 0;
      return { folded, disabled: disabled.map(({ id }) => id), more: folded === MAX_CHANGES };
    },
    { timeout: TIMEOUT_MS },
  );
}
