import type { Profile } from '@posthorn/wire/profile';
import { type Act, noteAct } from '../note-act.ts';
import type { Database } from '../open-database.ts';
import { listSealedSecrets, type SealedSecrets } from './list-sealed-secrets.ts';
import { lockTenant } from './lock-tenant.ts';

const TIMEOUT_MS = 8_000;

/** A version of a tenant's profile; `id` is new. */
export interface OwnProfileVersion {
  readonly tenantId: string;
  readonly id: string;
  readonly profile: Profile;
}

/**
 * Puts a new version in the place of a tenant's profile. A tenant that has the profile goes on with the new version;
 * what was accepted keeps the old one.
 *
 * @param check judges the secrets that would have to sign, where the tenant has the profile; what it throws changes nothing
 * @returns whether there was such a profile
 */
export function replaceOwnProfile(
  database: Database,
  { tenantId, id, profile }: OwnProfileVersion,
  check: (profile: Profile, secrets: readonly SealedSecrets[]) => void,
  act: Act,
): Promise<boolean> {
  return database.$transaction(
    async (tx) => {
      const current = await lockTenant(tx, tenantId, 'change');
      const inUse = current?.profileId !== null && current?.profile === profile.name;
      if (inUse) check(profile, await listSealedSecrets(tx, tenantId));
      const made = await tx.$queryRaw<{ id: string }[]>`
        WITH retired AS (
          UPDATE own_profiles SET retired_at = now()
          WHERE tenant_id = ${tenantId}::uuid AND name = ${profile.name} AND retired_at IS NULL
          RETURNING tenant_id, name
        )
        INSERT INTO own_profiles (id, tenant_id, name, definition)
        SELECT ${id}::uuid, tenant_id, name, ${JSON.stringify(profile)} FROM retired
        RETURNING id`;
      if (made.length === 0) return false;
      if (inUse) await tx.tenant.update({ where: { id: tenantId }, data: { profileId: id } });
      await noteAct(tx, tenantId, act);
      return true;
    },
    { timeout: TIMEOUT_MS },
  );
}
