import { isHeld } from '@posthorn/domain/delivery/held-until';
import { encodeTypeId } from '@posthorn/domain/type-id';
import type { Delivery } from '@posthorn/http-api/delivery';
import type { DeliveryRow } from '@posthorn/store/tenant/list-deliveries';

/** A delivery as the API shows it. */
export const showDelivery = (row: DeliveryRow): Delivery => ({
  id: encodeTypeId('delivery', row.id),
  endpoint_id: encodeTypeId('endpoint', row.endpointId),
  event_id: encodeTypeId('event', row.eventId),
  type: row.type,
  jobId: row.jobId,
  status: row.status as Delivery['status'],
  attempts: row.attempts,
  next_retry_at: isHeld(row.dueAt) ? null : (row.dueAt?.toISOString() ?? null),
  held: isHeld(row.dueAt),
  last_response_status: row.lastResponseStatus,
  last_error: row.lastError,
  replay_of: row.replayOf === null ? null : encodeTypeId('delivery', row.replayOf),
  ordering_key: row.orderingKey,
  created_at: row.createdAt.toISOString(),
  completed_at: row.completedAt?.toISOString() ?? null,
});
