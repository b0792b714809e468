import type { Profile } from '@posthorn/wire/profile';
import { isDuplicate } from '../is-unavailable.ts';
import { MAX_OWN_PROFILES } from './list-own-profiles.ts';
import type { TenantDatabase } from './scope-to-tenant.ts';

/** Stores the first version of a profile that the tenant defined. */
export async function createOwnProfile(
  database: TenantDatabase,
  tenantId: string,
  id: string,
  profile: Profile,
): Promise<'created' | 'name_taken' | 'too_many'> {
  if ((await database.ownProfile.count({ where: { retiredAt: null } })) >= MAX_OWN_PROFILES) return 'too_many';
  try {
    await database.ownProfile.create({
      data: { id, tenantId, name: profile.name, definition: JSON.stringify(profile) },
    });
    return 'created';
  } catch (error) {
    if (isDuplicate(error)) return 'name_taken';
    throw error;
  }
}
