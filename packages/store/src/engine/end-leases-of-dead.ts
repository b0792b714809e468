import type { Database } from '../open-database.ts';

/**
 * A dispatcher that has not been seen for this long is dead: it says that it is alive once a second, on a connection that
 * nothing else uses. Its long leases need not run out then, so that what it held is sent again within 40 s, whatever the
 * profile's timeout.
 */
export const DEAD_AFTER_SECONDS = 25;
/** What the caller knows of the database's clock must not be older. */
const FRESH_SECONDS = 5;
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
      WHERE c.expires_at > now() AND c.dispatcher_id IN (SELECT id FROM dead)
      LIMIT ${MAX_CLAIMS} FOR UPDATE SKIP LOCKED
    ), ended AS (
      UPDATE deliveries d SET lease_until = now() FROM theirs t
      WHERE d.id = ANY (t.delivery_ids) AND d.lease_token = t.token AND d.lease_until > now()
      RETURNING d.id
    ), shortened AS (
      UPDATE claims c SET expires_at = now() FROM theirs t WHERE c.token = t.token
    ), forgotten AS (
      DELETE FROM dispatchers d
      WHERE d.id IN (SELECT id FROM dead) AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.dispatcher_id = d.id)
    )
    SELECT (SELECT count(*) FROM ended)::int AS ended, (SELECT count(*) FROM theirs)::int AS looked`;
  return { ended: found?.ended ?? 0, more: found?.looked === MAX_CLAIMS };
}
