import type { Database } from '@posthorn/store/open-database';
import { findOverdueIds } from '@posthorn/store/operator/find-overdue-ids';
import { findDeliveries } from '@posthorn/store/tenant/find-deliveries';
import type { DeliveryFilter, DeliveryRow } from '@posthorn/store/tenant/list-deliveries';
import type { Page, PageRequest } from '@posthorn/store/tenant/read-page';
import type { TenantScope } from '../../http/resolve-tenant.ts';

/** A page of the tenant's overdue deliveries, newest first; the rows come through the tenant's own scope. */
export async function listOverdue(
  database: Database,
  tenant: TenantScope,
  page: PageRequest,
  filter: DeliveryFilter,
): Promise<Page<DeliveryRow>> {
  const { rows, last } = await findOverdueIds(database, tenant.id, page, filter);
  const found =
    rows.length === 0
      ? []
      : await findDeliveries(
          tenant.database,
          rows.map(({ id }) => id),
        );
  return { rows: found.toReversed(), last };
}
