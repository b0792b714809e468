import { isDuplicate } from '../is-unavailable.ts';
import { type Act, noteAct } from '../note-act.ts';
import type { OwnProfileVersion } from '../operator/replace-own-profile.ts';
import { MAX_OWN_PROFILES } from './list-own-profiles.ts';
import type { TenantDatabase } from './scope-to-tenant.ts';

/** Stores the first version of a profile that the tenant defined. */
export async function createOwnProfile(
  database: TenantDatabase,
  { tenantId, id, profile }: OwnProfileVersion,
  act: Act,
): Promise<'created' | 'name_taken' | 'too_many'> {
  if ((await database.ownProfile.count({ where: { retiredAt: null } })) >= MAX_OWN_PROFILES) return 'too_many';
  try {
    await database.$transaction(async (tx) => {
      await tx.ownProfile.create({
        data: { id, tenantId, name: profile.name, definition: JSON.stringify(profile) },
      });
      await noteAct(tx, tenantId, act);
    });
    return 'created';
  } catch (error) {
    if (isDuplicate(error)) return 'name_taken';
    throw error;
  }
}
