import type { Database } from '../open-database.ts';

/** A claim that comes later than this after its release finds no mark of it; its lease then runs out by itself. */
const MARK_SECONDS = 60;

/**
 * Gives back what was claimed under these tokens, as if it had never been: no attempt is counted. Only for claims whose
 * answer never arrived, since nothing can have been sent under them.
 *
 * The tokens are used up first: that waits for a claim that is just being committed, and makes one fail that is still on
 * its way.
 *
 * @returns how many deliveries were given back
 */
export async function releaseClaims(database: Database, tokens: readonly string[]): Promise<number> {
  await database.$executeRaw`
    INSERT INTO claims (token, delivery_ids, expires_at)
    SELECT token::uuid, '{}', now() + ${MARK_SECONDS} * interval '1 second' FROM unnest(${tokens}::text[]) AS t(token)
    ON CONFLICT (token) DO NOTHING`;
  return database.$executeRaw`
    WITH gone AS (
      DELETE FROM claims WHERE token = ANY (${tokens}::text[]::uuid[]) AND delivery_ids <> '{}'
      RETURNING token, delivery_ids
    )
    UPDATE deliveries d SET lease_token = NULL, leased_at = NULL, lease_until = NULL
    FROM gone WHERE d.id = ANY (gone.delivery_ids) AND d.lease_token = gone.token`;
}
