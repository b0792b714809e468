import { encodeTypeId } from '@posthorn/domain/type-id';
import type { ListedAttempt } from '@posthorn/http-api/attempt';
import type { ListedAttemptRow } from '@posthorn/store/tenant/find-attempts';

/** An attempt as the list of all shows it. */
export const showListedAttempt = (row: ListedAttemptRow): ListedAttempt => ({
  id: encodeTypeId('attempt', row.id),
  delivery_id: encodeTypeId('delivery', row.deliveryId),
  endpoint_id: encodeTypeId('endpoint', row.endpointId),
  type: row.delivery.type,
  number: row.number,
  started_at: row.startedAt.toISOString(),
  duration_ms: row.durationMs,
  outcome: row.outcome as ListedAttempt['outcome'],
  response_status: row.responseStatus,
  error: row.error,
});
