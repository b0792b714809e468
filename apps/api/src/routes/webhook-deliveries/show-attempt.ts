import { encodeTypeId } from '@posthorn/domain/type-id';
import type { Attempt } from '@posthorn/http-api/attempt';
import type { AttemptRow } from '@posthorn/store/tenant/list-attempts';

const readHeaders = (text: string | null): Attempt['request_headers'] =>
  text === null ? null : (JSON.parse(text) as Record<string, unknown>);

/** An attempt as the API shows it; the stored request headers are masked already. */
export const showAttempt = (row: AttemptRow): Attempt => ({
  id: encodeTypeId('attempt', row.id),
  number: row.number,
  started_at: row.startedAt.toISOString(),
  duration_ms: row.durationMs,
  outcome: row.outcome as Attempt['outcome'],
  response_status: row.responseStatus,
  response_headers: readHeaders(row.responseHeaders),
  response_body: row.responseBody,
  error: row.error,
  request_headers: readHeaders(row.requestHeaders),
});
