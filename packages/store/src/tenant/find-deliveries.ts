import { type DeliveryRow, deliveryColumns } from './list-deliveries.ts';
import type { TenantDatabase } from './scope-to-tenant.ts';

/** The deliveries of these ids, oldest first; ids that name none of the tenant's are passed over. */
export const findDeliveries = (database: TenantDatabase, ids: readonly string[]): Promise<DeliveryRow[]> =>
  database.delivery.findMany({ where: { id: { in: [...ids] } }, select: deliveryColumns, orderBy: { id: 'asc' } });
