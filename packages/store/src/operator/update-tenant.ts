import type { Database } from '../open-database.ts';
import { type TenantRow, tenantColumns } from './create-tenant.ts';

/** What may change; a missing field stays. */
export interface TenantChanges {
  readonly name?: string;
  readonly email?: string | null;
  readonly profile?: string;
  readonly profileId?: string | null;
}

/** Changes a tenant. Returns it after the change, or `null` when there is none. */
export async function updateTenant(database: Database, id: string, changes: TenantChanges): Promise<TenantRow | null> {
  const [tenant] = await database.tenant.updateManyAndReturn({ where: { id }, data: changes, select: tenantColumns });
  return tenant ?? null;
}
