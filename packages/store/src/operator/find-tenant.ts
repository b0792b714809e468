import type { Database } from '../open-database.ts';
import { type TenantRow, tenantColumns } from './create-tenant.ts';

/** One tenant, or `null`. */
export const findTenant = (database: Database, id: string): Promise<TenantRow | null> =>
  database.tenant.findUnique({ where: { id }, select: tenantColumns });
