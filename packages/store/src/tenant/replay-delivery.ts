import { uuidMoment } from '@posthorn/domain/uuid-time';
import { type Act, noteAct } from '../note-act.ts';
import { type DeliveryRow, deliveryColumns } from './list-deliveries.ts';
import type { TenantDatabase } from './scope-to-tenant.ts';

export type Replayed =
  | { readonly kind: 'replayed'; readonly delivery: DeliveryRow; readonly attemptLimit: number }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'endpoint_deleted' }
  | { readonly kind: 'endpoint_disabled' };

const source = {
  tenantId: true,
  endpointId: true,
  eventId: true,
  type: true,
  jobId: true,
  attemptLimit: true,
  endpoint: { select: { status: true, deletedAt: true } },
} as const;

/**
 * Makes a new delivery of the same event to the same endpoint, due at once, with its own attempts.
 *
 * @param newDeliveryId a UUIDv7; its moment is when the delivery was made
 */
export async function replayDelivery(
  database: TenantDatabase,
  id: string,
  newDeliveryId: string,
  act: Act,
): Promise<Replayed> {
  return database.$transaction(async (tx) => {
    const found = await tx.delivery.findFirst({ where: { id }, select: source });
    if (!found) return { kind: 'not_found' };
    const { endpoint, ...fields } = found;
    if (endpoint.deletedAt) return { kind: 'endpoint_deleted' };
    if (endpoint.status !== 'enabled') return { kind: 'endpoint_disabled' };
    const createdAt = uuidMoment(newDeliveryId);
    const delivery = await tx.delivery.create({
      data: {
        ...fields,
        id: newDeliveryId,
        status: 'pending',
        dueAt: createdAt,
        createdAt,
        replayOf: id,
      },
      select: deliveryColumns,
    });
    await noteAct(tx, fields.tenantId, act);
    return { kind: 'replayed', delivery, attemptLimit: fields.attemptLimit };
  });
}
