import type { Database } from '../open-database.ts';

/**
 * A dispatcher that has not been seen for this long is dead: it says that it is alive once a second, on a connection that
 * nothing else uses. Its long leases need not run out then, so that what it held is sent again within 40 s, whatever the
 * profile's timeout.
 */
export const DEAD_AFTER_SECONDS = 25;
/** What the caller knows of the database's clock must not be older. */
export const FRESH_SECONDS = 5;
/** Claims in one statement. */
const MAX_CLAIMS = 500;

/** Who looks for the dead, and when it was last seen itself, ms since the epoch by the database's clock. */
export interface Looking {
  readonly dispatcherId: string;
  readonly seenAtMs: number;
}

/**
 * Lets leases end now whose dispatcher is dead; taking them over is left to `takeOverInterrupted`. A dispatcher is forgotten
 * when no claim of it is left; one that was only frozen begins anew with its next beat, and what it still writes under an old
 * lease counts if nobody was faster.
 *
 * Does nothing where the caller was not seen just now itself: the statement may have waited in a database that was frozen, or
 * whose clock jumped, and then nobody was seen for long.
 *
 * Nobody is dead in most rounds: lists of keys and counts keep the planner from reading whole tables then (joins, IN and
 * NOT EXISTS did not).
 *
 * @returns how many deliveries were under such a lease, and whether there may be more
 */
export async function endLeasesOfDead(
  database: Database,
  { dispatcherId, seenAtMs }: Looking,
): Promise<{ ended: number; more: boolean }> {
  const [found] = await database.$queryRaw<{ ended: number; looked: number }[]>`
    WITH dead AS (
      SELECT id FROM dispatchers
      WHERE seen_at < now() - ${DEAD_AFTER_SECONDS} * interval '1 second' AND id <> ${dispatcherId}::uuid
        AND now() < to_timestamp(${seenAtMs} / 1000.0) + ${FRESH_SECONDS} * interval '1 second'
      FOR UPDATE SKIP LOCKED
    ), theirs AS (
      SELECT c.token, c.delivery_ids FROM claims c
      WHERE (SELECT count(*) FROM dead) > 0 AND c.expires_at > now() AND c.dispatcher_id = ANY (ARRAY(SELECT id FROM dead))
      LIMIT ${MAX_CLAIMS} FOR UPDATE SKIP LOCKED
    ), ended AS (
      UPDATE deliveries d SET lease_until = now()
      WHERE d.id = ANY (ARRAY(SELECT unnest(delivery_ids) FROM theirs))
        AND d.lease_token = ANY (ARRAY(SELECT token FROM theirs)) AND d.lease_until > now()
      RETURNING d.id
    ), shortened AS (
      UPDATE claims c SET expires_at = now() WHERE c.token = ANY (ARRAY(SELECT token FROM theirs))
    ), forgotten AS (
      DELETE FROM dispatchers d
      WHERE d.id IN (SELECT id FROM dead)
        AND (SELECT count(*) FROM claims c WHERE c.dispatcher_id = d.id) = 0
    )
    SELECT (SELECT count(*) FROM ended)::int AS ended, (SELECT count(*) FROM theirs)::int AS looked`;
  return { ended: found?.ended ?? 0, more: found?.looked === MAX_CLAIMS };
}
