import type { Profile } from '@posthorn/wire/profile';
import type { Database } from '../open-database.ts';

/**
 * Puts a new version in the place of a tenant's profile, in one statement. A tenant that has the profile goes on with
 * the new version; what was accepted keeps the old one.
 *
 * @returns whether there was such a profile
 */
export async function replaceOwnProfile(
  database: Database,
  tenantId: string,
  id: string,
  profile: Profile,
): Promise<boolean> {
  const made = await database.$queryRaw<{ id: string }[]>`
    WITH retired AS (
      UPDATE own_profiles SET retired_at = now()
      WHERE tenant_id = ${tenantId}::uuid AND name = ${profile.name} AND retired_at IS NULL
      RETURNING tenant_id, name
    ), made AS (
      INSERT INTO own_profiles (id, tenant_id, name, definition)
      SELECT ${id}::uuid, tenant_id, name, ${JSON.stringify(profile)} FROM retired
      RETURNING id, tenant_id, name
    ), moved AS (
      UPDATE tenants t SET profile_id = made.id FROM made
      WHERE t.id = made.tenant_id AND t.profile = made.name AND t.profile_id IS NOT NULL
    )
    SELECT id FROM made`;
  return made.length > 0;
}
