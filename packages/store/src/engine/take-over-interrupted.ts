import type { Database } from '../open-database.ts';
import type { DueDelivery } from './event-request.ts';

interface TakenRow extends DueDelivery {
  readonly open: boolean;
}

/** What was taken over: how many attempts were interrupted, and the deliveries among them that go on. */
export interface TakenOver {
  readonly interrupted: number;
  readonly due: readonly DueDelivery[];
}

/** Claims looked at per call. */
const MAX_CLAIMS = 200;

/**
 * Finds leases that ran out, because the process that held them died or froze. Each becomes an attempt with the outcome
 * `interrupted`, which counts; the delivery is due again at once with a new generation, or has failed when that was its
 * last attempt. Any number of dispatchers may call this at once.
 */
export async function takeOverInterrupted(database: Database): Promise<TakenOver> {
  const rows = await database.$queryRaw<TakenRow[]>`
    WITH expired AS (
      SELECT token, delivery_ids FROM claims WHERE expires_at < now()
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
        last_response_status = NULL, lease_token = NULL, leased_at = NULL, lease_until = NULL
      FROM held h WHERE d.id = h.id AND h.lease_until < now()
      RETURNING d.id, d.tenant_id, d.endpoint_id, d.generation, d.attempt_limit, h.number, h.leased_at,
                h.open AND h.goes_on AS open
    ), logged AS (
      INSERT INTO attempts (delivery_id, number, id, tenant_id, started_at, duration_ms, outcome, error)
      SELECT id, number, uuid_v7_at(now()), tenant_id, leased_at, 0, 'interrupted',
             'The dispatcher stopped during the attempt; whether the request arrived is not known'
      FROM taken
    ), kept AS (
      UPDATE claims c SET expires_at = h.until
      FROM (SELECT lease_token, max(lease_until) AS until FROM held WHERE lease_until >= now() GROUP BY 1) h
      WHERE c.token = h.lease_token
    ), gone AS (
      DELETE FROM claims c USING expired x
      WHERE c.token = x.token
        AND NOT EXISTS (SELECT 1 FROM held h WHERE h.lease_token = x.token AND h.lease_until >= now())
    )
    SELECT id, endpoint_id AS "endpointId", generation, attempt_limit AS "attemptLimit", open FROM taken`;
  return { interrupted: rows.length, due: rows.filter(({ open }) => open) };
}
