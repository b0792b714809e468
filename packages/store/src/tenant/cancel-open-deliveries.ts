import { openStatuses } from '@posthorn/domain/delivery/delivery-status';
import type { TenantDatabase } from './scope-to-tenant.ts';

/** The scoped client, or the same inside a transaction. */
export type TenantTransaction = Pick<TenantDatabase, 'delivery' | 'endpoint'>;

/** What makes a row a cancelled one. The lease stays: an attempt under way still records itself with it. */
export const cancelledFields = (reason: string) => ({
  status: 'cancelled',
  dueAt: null,
  completedAt: new Date(),
  parked: false,
  lastError: reason,
});

/** Cancels every delivery of an endpoint that is not final, with the reason in `last_error`. */
export async function cancelOpenDeliveries(database: TenantTransaction, endpointId: string, reason: string): Promise<number> {
  const { count } = await database.delivery.updateMany({
    where: { endpointId, status: { in: [...openStatuses] } },
    data: cancelledFields(reason),
  });
  return count;
}
