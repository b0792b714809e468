import type { Database } from '../open-database.ts';
import { idRange, type Page, type PageRequest, readPage } from '../tenant/read-page.ts';
import { type TenantRow, tenantColumns } from './create-tenant.ts';

/** A page of tenants, newest first. */
export const listTenants = (database: Database, page: PageRequest): Promise<Page<TenantRow>> =>
  readPage(page, (take) =>
    database.tenant.findMany({ where: { id: idRange(page) }, select: tenantColumns, orderBy: { id: 'desc' }, take }),
  );
