import type { Profile } from '@posthorn/wire/profile';
import { findProfile } from '@posthorn/wire/profiles';
import { type Act, noteAct } from '../note-act.ts';
import type { Database, Transaction } from '../open-database.ts';
import { type TenantRow, tenantColumns } from './create-tenant.ts';
import { listSealedSecrets, type SealedSecrets } from './list-sealed-secrets.ts';
import { lockTenant } from './lock-tenant.ts';
import { type Quotas, setQuotas } from './set-quotas.ts';

const TIMEOUT_MS = 8_000;

/** What may change; a missing field stays. */
export interface TenantChanges {
  readonly name?: string;
  readonly email?: string | null;
  /** A built-in profile's name, or one of the tenant's own. */
  readonly profile?: string;
  /** A missing quota stays. */
  readonly quotas?: Partial<Quotas>;
}

export type UpdatedTenant =
  | { readonly kind: 'updated'; readonly tenant: TenantRow }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'unknown_profile' };

interface Named {
  readonly profile: Profile;
  readonly profileId: string | null;
}

async function findNamed(tx: Transaction, tenantId: string, name: string): Promise<Named | null> {
  const builtIn = findProfile(name);
  if (builtIn) return { profile: builtIn, profileId: null };
  const own = await tx.ownProfile.findFirst({
    where: { tenantId, name, retiredAt: null },
    select: { id: true, definition: true },
  });
  return own && { profile: JSON.parse(own.definition) as Profile, profileId: own.id };
}

/**
 * Changes a tenant.
 *
 * @param check judges the secrets that a new profile would have to sign with; what it throws changes nothing
 */
export function updateTenant(
  database: Database,
  id: string,
  { profile, quotas, ...changes }: TenantChanges,
  check: (profile: Profile, secrets: readonly SealedSecrets[]) => void,
  act: Act,
): Promise<UpdatedTenant> {
  return database.$transaction(
    async (tx): Promise<UpdatedTenant> => {
      if (!(await lockTenant(tx, id, 'change'))) return { kind: 'not_found' };
      const named = profile === undefined ? undefined : await findNamed(tx, id, profile);
      if (named === null) return { kind: 'unknown_profile' };
      if (named) check(named.profile, await listSealedSecrets(tx, id));
      const data = { ...changes, ...(named && { profile: named.profile.name, profileId: named.profileId }) };
      if (quotas) await setQuotas(tx, id, quotas);
      const tenant = await tx.tenant.update({ where: { id }, data, select: tenantColumns });
      if (act.fields.length > 0) await noteAct(tx, id, act);
      return { kind: 'updated', tenant };
    },
    { timeout: TIMEOUT_MS },
  );
}
