import type { ProfileRef } from '../find-profile.ts';
import type { Transaction } from '../open-database.ts';

/**
 * Keeps a tenant's profile as it is until the transaction ends: whoever changes it or its versions locks for `change`,
 * whoever makes something that must fit it for `keep`.
 *
 * @returns the profile, or `null` when there is no such tenant
 */
export async function lockTenant(tx: Transaction, id: string, purpose: 'change' | 'keep'): Promise<ProfileRef | null> {
  const rows =
    purpose === 'change'
      ? await tx.$queryRaw<ProfileRef[]>`
          SELECT profile, profile_id AS "profileId" FROM tenants WHERE id = ${id}::uuid FOR NO KEY UPDATE`
      : await tx.$queryRaw<ProfileRef[]>`
          SELECT profile, profile_id AS "profileId" FROM tenants WHERE id = ${id}::uuid FOR SHARE`;
  return rows[0] ?? null;
}
