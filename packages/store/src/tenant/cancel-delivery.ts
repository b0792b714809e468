import { openStatuses } from '@posthorn/domain/delivery/delivery-status';
import { cancelledFields } from './cancel-open-deliveries.ts';
import { type DeliveryRow, deliveryColumns } from './list-deliveries.ts';
import type { TenantDatabase } from './scope-to-tenant.ts';

export type Cancelled =
  | { readonly kind: 'cancelled'; readonly delivery: DeliveryRow }
  | { readonly kind: 'final'; readonly status: string }
  | { readonly kind: 'not_found' };

const CANCEL_REASON = 'Cancelled on request';

/** Stops a delivery that is not final. A request that is on its way is not called back, but nothing follows it. */
export async function cancelDelivery(database: TenantDatabase, id: string): Promise<Cancelled> {
  const [delivery] = await database.delivery.updateManyAndReturn({
    where: { id, status: { in: [...openStatuses] } },
    data: cancelledFields(CANCEL_REASON),
    select: deliveryColumns,
  });
  if (delivery) return { kind: 'cancelled', delivery };
  const found = await database.delivery.findFirst({ where: { id }, select: { status: true } });
  return found ? { kind: 'final', status: found.status } : { kind: 'not_found' };
}
