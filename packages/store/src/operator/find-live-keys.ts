import type { Database } from '../open-database.ts';

/** A key that is neither revoked nor expired, with what a request needs to know of its tenant. */
export interface LiveKey {
  readonly id: string;
  readonly tenantId: string;
  readonly profile: string;
  readonly profileId: string | null;
  readonly scopes: readonly string[];
  readonly digest: Uint8Array;
}

interface Row {
  readonly id: string;
  readonly tenant_id: string;
  readonly profile: string;
  readonly profile_id: string | null;
  readonly scopes: string[];
  readonly digest: Uint8Array;
}

/**
 * Looks keys up for many requests in one statement.
 *
 * @returns per id the key, or `null` when there is none, or it is revoked or expired
 */
export async function findLiveKeys(database: Database, ids: readonly string[]): Promise<(LiveKey | null)[]> {
  const rows = await database.$queryRaw<Row[]>`
    SELECT k.id, k.tenant_id, k.scopes, k.digest, t.profile, t.profile_id
    FROM api_keys k JOIN tenants t ON t.id = k.tenant_id
    WHERE k.id = ANY (${[...new Set(ids)]}::text[]::uuid[]) AND k.revoked_at IS NULL
      AND (k.expires_at IS NULL OR k.expires_at > now())`;
  const byId = new Map(
    rows.map(({ tenant_id: tenantId, profile_id: profileId, ...key }) => [key.id, { ...key, tenantId, profileId }]),
  );
  return ids.map((id) => byId.get(id) ?? null);
}
