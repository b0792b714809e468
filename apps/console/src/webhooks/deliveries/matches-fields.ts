import type { Delivery } from '@posthorn/http-api/delivery';
import type { DeliveryFields } from './delivery-filter.ts';

const EQUAL = ['status', 'endpoint_id', 'event_id', 'type', 'jobId'] as const;

/** Whether the API would list this delivery under these fields. */
export function matchesFields(delivery: Delivery, fields: DeliveryFields): boolean {
  const createdAt = Date.parse(delivery.created_at);
  return (
    EQUAL.every((name) => fields[name] === undefined || fields[name] === delivery[name]) &&
    (fields.created_after === undefined || createdAt >= Date.parse(fields.created_after)) &&
    (fields.created_before === undefined || createdAt < Date.parse(fields.created_before))
  );
}
