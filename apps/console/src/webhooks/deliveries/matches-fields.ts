import { isOpen } from '@posthorn/domain/delivery/delivery-status';
import type { Delivery } from '@posthorn/http-api/delivery';
import { type DeliveryFields, readStatuses } from './delivery-filter.ts';

const EQUAL = ['endpoint_id', 'event_id', 'type', 'jobId'] as const;

const isDue = ({ status, next_retry_at: at }: Delivery, now: number): boolean =>
  isOpen(status) && at !== null && Date.parse(at) < now;

/** Whether the API would list this delivery under these fields. @param now ms since the epoch */
export function matchesFields(delivery: Delivery, fields: DeliveryFields, now: number): boolean {
  const createdAt = Date.parse(delivery.created_at);
  return (
    EQUAL.every((name) => fields[name] === undefined || fields[name] === delivery[name]) &&
    (fields.status === undefined || readStatuses(fields.status).includes(delivery.status)) &&
    (fields.overdue === undefined || isDue(delivery, now)) &&
    (fields.created_after === undefined || createdAt >= Date.parse(fields.created_after)) &&
    (fields.created_before === undefined || createdAt < Date.parse(fields.created_before))
  );
}
