import { openStatuses } from '@posthorn/domain/delivery/delivery-status';
import { type Act, noteAct } from '../note-act.ts';
import { cancelledFields } from './cancel-open-deliveries.ts';
import { type DeliveryRow, deliveryColumns } from './list-deliveries.ts';
import type { TenantDatabase } from './scope-to-tenant.ts';

export type Cancelled =
  | { readonly kind: 'cancelled'; readonly delivery: DeliveryRow }
  | { readonly kind: 'final'; readonly status: string }
  | { readonly kind: 'not_found' };

const CANCEL_REASON = 'Cancelled on request';

/** Stops a delivery that is not final. A request that is on its way is not called back, but nothing follows it. */
export async function cancelDelivery(
  database: TenantDatabase,
  tenantId: string,
  id: string,
  act: Act,
): Promise<Cancelled> {
  const delivery = await database.$transaction(async (tx) => {
    const [row] = await tx.delivery.updateManyAndReturn({
      where: { id, status: { in: [...openStatuses] } },
      data: cancelledFields(CANCEL_REASON),
      select: deliveryColumns,
    });
    if (row) await noteAct(tx, tenantId, act);
    return row;
  });
  if (delivery) return { kind: 'cancelled', delivery };
  const found = await database.delivery.findFirst({ where: { id }, select: { status: true } });
  return found ? { kind: 'final', status: found.status } : { kind: 'not_found' };
}
