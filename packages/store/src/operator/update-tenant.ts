import type { Database } from '../open-database.ts';
import { type TenantRow, tenantColumns } from './create-tenant.ts';

/** Changes a tenant; a missing field stays. Returns it after the change, or `null` when there is none. */
export async function updateTenant(
  database: Database,
  id: string,
  changes: { readonly name?: string; readonly email?: string | null },
): Promise<TenantRow | null> {
  const [tenant] = await database.tenant.updateManyAndReturn({ where: { id }, data: changes, select: tenantColumns });
  return tenant ?? null;
}
