import type { Database } from '../open-database.ts';

/** Deletes a tenant's profile unless the tenant has it; what was accepted under it keeps it. */
export async function retireOwnProfile(
  database: Database,
  tenantId: string,
  name: string,
): Promise<'retired' | 'in_use' | 'not_found'> {
  const retired = await database.$executeRaw`
    UPDATE own_profiles p SET retired_at = now()
    WHERE p.tenant_id = ${tenantId}::uuid AND p.name = ${name} AND p.retired_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM tenants t WHERE t.id = p.tenant_id AND t.profile_id = p.id)`;
  if (retired > 0) return 'retired';
  const known = await database.ownProfile.count({ where: { tenantId, name, retiredAt: null } });
  return known > 0 ? 'in_use' : 'not_found';
}
