import { encodeTypeId } from '@posthorn/domain/type-id';
import type { Event } from '@posthorn/http-api/event';
import type { EventRow } from '@posthorn/store/tenant/list-events';

/** An event as the API shows it. */
export const showEvent = ({
  id,
  type,
  jobId,
  createdAt,
  deliveryCount,
  aggregateVersion,
  orderingKey,
  firedWith,
}: EventRow): Event => ({
  id: encodeTypeId('event', id),
  type,
  jobId,
  sent_at: createdAt.toISOString(),
  deliveries: deliveryCount,
  ...(aggregateVersion !== null && { aggregate_version: aggregateVersion }),
  ...(orderingKey !== null && { ordering_key: orderingKey }),
  ...(firedWith && { fired_with: [{ id: encodeTypeId('event', firedWith.id), type: firedWith.type }] }),
});
