import { reasonToDisable } from '@posthorn/domain/delivery/reason-to-disable';
import type { ProfileFinder } from '../find-profile.ts';
import { isRetryable, isUnavailable } from '../is-unavailable.ts';
import type { Database, Transaction } from '../open-database.ts';
import { disableExhausted } from './disable-exhausted.ts';
import { FRESH_SECONDS } from './end-leases-of-dead.ts';
import type { DueDelivery } from './event-request.ts';

interface TakenRow extends DueDelivery {
  /** Claims that this call looked at; the same on each row. */
  readonly looked: number;
  readonly open: boolean;
  readonly failed: boolean;
  readonly attempts: number;
  readonly profile: string;
  readonly profileId: string | null;
  readonly probe: string | null;
}

/** What was taken over. */
export interface TakenOver {
  /** Attempts that became `interrupted`. */
  readonly interrupted: number;
  /** The deliveries among them that go on. */
  readonly due: readonly DueDelivery[];
  /** Endpoints that were disabled; what else is open of them is still to be cancelled. */
  readonly disabled: readonly string[];
  /** Whether more claims may have run out than one call looks at. */
  readonly more: boolean;
}

/** Claims looked at per call: most are of requests that were recorded long ago, and only go. */
const MAX_CLAIMS = 500;
/** Each statement has its own limit; this is for all of them. */
const TRANSACTION_TIMEOUT_MS = 8_000;

const takeOver = (
  tx: Transaction,
  seenAtMs: number | null,
): Promise<(TakenRow | { id: null; looked: number })[]> => tx.$queryRaw`
  WITH expired AS (
    SELECT token, delivery_ids FROM claims
    WHERE expires_at < now()
      AND now() < coalesce(to_timestamp(${seenAtMs}::float8 / 1000.0) + ${FRESH_SECONDS} * interval '1 second', 'infinity')
    ORDER BY expires_at LIMIT ${MAX_CLAIMS} FOR UPDATE SKIP LOCKED
  ), held AS (
    SELECT d.id, d.lease_token, d.leased_at, d.lease_until, d.attempts + 1 AS number,
           d.due_at IS NOT NULL AS open, d.attempts + 1 < d.attempt_limit AS goes_on
    FROM expired x JOIN deliveries d ON d.id = ANY (x.delivery_ids) AND d.lease_token = x.token
    FOR UPDATE OF d
  ), taken AS (
    UPDATE deliveries d SET
      attempts = h.number, generation = d.generation + 1,
      status = CASE WHEN NOT h.open THEN d.status WHEN h.goes_on THEN 'retrying' ELSE 'failed' END,
      due_at = CASE WHEN h.open AND h.goes_on THEN now() END,
      completed_at = CASE WHEN NOT h.open THEN d.completed_at WHEN NOT h.goes_on THEN now() END,
      last_error = CASE WHEN h.open THEN 'The dispatcher stopped during the attempt' ELSE d.last_error END,
      last_response_status = NULL, lease_token = NULL, leased_at = NULL, lease_until = NULL, parked = false
    FROM held h WHERE d.id = h.id AND h.lease_until < now()
    RETURNING d.id, d.tenant_id, d.endpoint_id, d.event_id, d.generation, d.attempt_limit, d.probe, h.number, h.leased_at,
              h.open AND h.goes_on AS open, h.open AND NOT h.goes_on AS failed
  ), logged AS (
    INSERT INTO attempts (delivery_id, number, id, tenant_id, endpoint_id, started_at, duration_ms, outcome, error)
    SELECT id, number, uuid_v7_at(now()), tenant_id, endpoint_id, leased_at, 0, 'interrupted',
           'The dispatcher stopped during the attempt; whether the request arrived is not known'
    FROM taken
  ), kept AS (
    UPDATE claims c SET expires_at = h.until
    FROM (SELECT lease_token, min(lease_until) AS until FROM held WHERE lease_until >= now() GROUP BY 1) h
    WHERE c.token = h.lease_token
  ), gone AS (
    DELETE FROM claims c USING expired x
    WHERE c.token = x.token
      AND NOT EXISTS (SELECT 1 FROM held h WHERE h.lease_token = x.token AND h.lease_until >= now())
  )
  SELECT (SELECT count(*)::int FROM expired) AS looked, t.id, t.tenant_id AS "tenantId", t.endpoint_id AS "endpointId",
         t.generation, t.attempt_limit AS "attemptLimit", t.open, t.failed, t.number AS attempts, v.profile,
         v.profile_id AS "profileId", t.probe
  FROM (VALUES (1)) AS always LEFT JOIN taken t ON true LEFT JOIN events v ON v.id = t.event_id`;

async function reasonOf(findProfile: ProfileFinder, row: TakenRow): Promise<string | null> {
  if (!row.failed || row.probe !== null) return null;
  try {
    return reasonToDisable(await findProfile(row), row.attempts);
  } catch (error) {
    // A profile that only a newer version knows must not keep everything else from being taken over.
    if (isUnavailable(error) || isRetryable(error)) throw error;
    return null;
  }
}

/** @returns the endpoints that were disabled */
async function disableFailed(tx: Transaction, findProfile: ProfileFinder, taken: TakenRow[]): Promise<string[]> {
  const reasons = await Promise.all(taken.map((row) => reasonOf(findProfile, row)));
  const exhausted = taken.filter((_, index) => reasons[index] !== null);
  if (exhausted.length === 0) return [];
  const rows = await tx.$queryRaw<{ id: string }[]>`
    WITH exhausted AS (
      SELECT * FROM unnest(${exhausted.map(({ endpointId }) => endpointId)}::text[]::uuid[],
                           ${exhausted.map(({ id }) => id)}::text[]::uuid[],
                           ${reasons.filter((reason) => reason !== null)}::text[])
        AS t(endpoint_id, delivery_id, reason)
    ), ${disableExhausted}
    SELECT id FROM disabled`;
  return rows.map(({ id }) => id);
}

/**
 * Finds leases that ran out, because the process that held them died or froze. Each becomes an attempt with the outcome
 * `interrupted`, which counts; the delivery is due again at once with a new generation, or has failed when that was its
 * last attempt, and then disables its endpoint where the profile says so. Claims of which nothing is held any more go. Any
 * number of dispatchers may call this at once.
 *
 * @param seenAtMs when the caller was last seen, ms since the epoch by the database's clock. If that was not just now, the
 *   clock has jumped and leases only seem to have run out: nothing is taken over. `null`: the caller knows nothing of it
 */
export async function takeOverInterrupted(
  database: Database,
  findProfile: ProfileFinder,
  seenAtMs: number | null = null,
): Promise<TakenOver> {
  // One transaction and not one statement: whether the endpoint goes too is the profile's to say, which SQL cannot read.
  const { looked, taken, disabled } = await database.$transaction(
    async (tx) => {
      const rows = await takeOver(tx, seenAtMs);
      const interrupted = rows.filter((row) => row.id !== null);
      const gone = await disableFailed(tx, findProfile, interrupted);
      return { looked: rows[0]?.looked ?? 0, taken: interrupted, disabled: gone };
    },
    { timeout: TRANSACTION_TIMEOUT_MS },
  );
  return { interrupted: taken.length, due: taken.filter(({ open }) => open), disabled, more: looked === MAX_CLAIMS };
}
