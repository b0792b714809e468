import type { Database } from '../open-database.ts';

/**
 * Gives back what was claimed under these tokens, as if it had never been: no attempt is counted. Only for claims whose
 * answer never arrived, since nothing can have been sent under them.
 *
 * @returns how many deliveries were given back
 */
export async function releaseClaims(database: Database, tokens: readonly string[]): Promise<number> {
  return database.$executeRaw`
    WITH gone AS (DELETE FROM claims WHERE token = ANY (${tokens}::text[]::uuid[]) RETURNING token, delivery_ids)
    UPDATE deliveries d SET lease_token = NULL, leased_at = NULL, lease_until = NULL
    FROM gone WHERE d.id = ANY (gone.delivery_ids) AND d.lease_token = gone.token`;
}
