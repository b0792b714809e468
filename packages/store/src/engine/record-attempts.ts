import type { AttemptOutcome } from '@posthorn/domain/delivery/attempt-outcome';
import type { NextStep } from '@posthorn/domain/delivery/decide-next';
import type { DeliveryStatus } from '@posthorn/domain/delivery/delivery-status';
import { spanOf } from '@posthorn/domain/id-span';
import { askByIds, askDriver } from '../ask-driver.ts';
import { Prisma } from '../generated/client.ts';
import type { Database } from '../open-database.ts';
import { disableExhausted } from './disable-exhausted.ts';
import { enableProbed } from './enable-probed.ts';

/** One finished attempt and what it makes of its delivery. */
export interface AttemptRecord {
  readonly deliveryId: string;
  readonly tenantId: string;
  readonly token: string;
  readonly attemptId: string;
  readonly number: number;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly outcome: AttemptOutcome;
  readonly responseStatus: number | null;
  /** JSON text of an object. */
  readonly responseHeaders: string | null;
  readonly responseBody: string | null;
  readonly error: string | null;
  /** JSON text of an object, secrets masked. */
  readonly requestHeaders: string;
  /** `delayMs` counts from the moment of this write; `disable` is why the endpoint is disabled with it. */
  readonly next: NextStep;
  /** The URL that answered, where that enables an endpoint that failures disabled; if it is still the endpoint's. */
  readonly enables?: string | null;
}

/** What was written: the delivery's status after it, or `lost` when the lease was someone else's by then. */
export type RecordResult = { readonly kind: 'recorded'; readonly status: DeliveryStatus } | { readonly kind: 'lost' };

/** What the statement has besides where a record may disable an endpoint, or enable it; the others should not pay for it. */
const disablingParts = {
  /** Endpoints before deliveries, and in one order, as the API locks them: no two of these wait for each other. */
  reserved: Prisma.sql`reserved AS (
    SELECT e.id FROM endpoints e
    WHERE e.id IN (SELECT d.endpoint_id FROM input i JOIN deliveries d ON d.id = i.id WHERE i.disable IS NOT NULL OR i.enables IS NOT NULL)
    ORDER BY e.id FOR NO KEY UPDATE
  ),`,
  afterReserved: Prisma.sql`AND (SELECT count(*) FROM reserved) >= 0`,
  disabled: Prisma.sql`exhausted AS (
    SELECT endpoint_id, id AS delivery_id, disable AS reason FROM moved
    WHERE status = 'failed' AND disable IS NOT NULL
  ), ${disableExhausted}, ${enableProbed},`,
};
const noParts = { reserved: Prisma.empty, afterReserved: Prisma.empty, disabled: Prisma.empty };

/** As the driver would send it: half a surrogate pair, which JSON escapes and PostgreSQL refuses, becomes U+FFFD. */
const wellFormed = (text: string | null): string | undefined => text?.toWellFormed();

/**
 * A record as a row of JSON, without what is NULL: all rows are one text, where a column each would have every value copied
 * six times on its way through Prisma and the driver.
 */
const rowOf = (record: AttemptRecord) => ({
  id: record.deliveryId,
  tenant_id: record.tenantId,
  token: record.token,
  attempt_id: record.attemptId,
  number: record.number,
  started_at: record.startedAt,
  duration_ms: record.durationMs,
  outcome: record.outcome,
  response_status: record.responseStatus ?? undefined,
  response_headers: wellFormed(record.responseHeaders),
  response_body: wellFormed(record.responseBody),
  error: wellFormed(record.error),
  request_headers: record.requestHeaders,
  next_status: record.next.status,
  delay_ms: record.next.status === 'retrying' ? record.next.delayMs : undefined,
  disable: (record.next.status === 'failed' && record.next.disable) || undefined,
  enables: record.enables ?? undefined,
});

const mayTurn = ({ next, enables = null }: AttemptRecord): boolean =>
  enables !== null || (next.status === 'failed' && next.disable !== null);

/**
 * Writes attempts and their deliveries' new states in one statement, each only under its lease: the fence after every
 * send. A delivery that was cancelled meanwhile stays cancelled; the attempt is recorded all the same. A delivery that
 * fails and is to disable its endpoint does so in the same statement, with the notification of it; so does a probe that
 * enables one.
 *
 * @returns a result per record, in order
 */
export async function recordAttempts(database: Database, records: readonly AttemptRecord[]): Promise<RecordResult[]> {
  if (records.length === 0) return [];
  // They stand twice: what a join finds rules no partition out.
  const ids = records.map(({ deliveryId }) => deliveryId);
  const span = spanOf(ids);
  const disabling = records.some(mayTurn) ? disablingParts : noParts;
  // What looks for endpoints, too, is rare, and planned each time.
  const ask = disabling === noParts ? askByIds : askDriver;
  const rows = await ask<{ id: string; status: DeliveryStatus }>(
    database,
    Prisma.sql`
    WITH input AS (
      SELECT * FROM json_to_recordset(${JSON.stringify(records.map(rowOf))}::text::json) AS t(
        id uuid, tenant_id uuid, token uuid, attempt_id uuid, number int, started_at timestamptz, duration_ms int, outcome text,
        response_status int, response_headers text, response_body text, error text, request_headers text, next_status text,
        delay_ms float8, disable text, enables text)
    ), ${disabling.reserved} moved AS (
      UPDATE deliveries d SET
        attempts = i.number,
        status = CASE WHEN d.due_at IS NULL THEN d.status ELSE i.next_status END,
        completed_at = CASE WHEN d.due_at IS NULL THEN d.completed_at WHEN i.delay_ms IS NULL THEN now() END,
        last_error = CASE WHEN d.due_at IS NULL THEN d.last_error ELSE i.error END,
        due_at = CASE WHEN d.due_at IS NOT NULL THEN now() + i.delay_ms * interval '1 millisecond' END,
        last_response_status = i.response_status,
        lease_token = NULL, leased_at = NULL, lease_until = NULL, parked = false
      FROM input i
      WHERE d.id BETWEEN ${span.from}::uuid AND ${span.to}::uuid AND d.id = ANY (${ids}::uuid[]) AND d.id = i.id AND d.lease_token = i.token ${disabling.afterReserved}
      RETURNING d.id, d.endpoint_id, d.status, i.disable, i.attempt_id
    ), ${disabling.disabled} logged AS (
      INSERT INTO attempts (delivery_id, number, id, tenant_id, endpoint_id, started_at, duration_ms, outcome,
                            response_status, response_headers, response_body, error, request_headers)
      SELECT i.id, i.number, i.attempt_id, i.tenant_id, m.endpoint_id, i.started_at, i.duration_ms, i.outcome,
             i.response_status, i.response_headers, i.response_body, i.error, i.request_headers
      FROM input i JOIN moved m USING (attempt_id)
    )
    SELECT attempt_id AS id, status FROM moved`,
  );
  const byId = new Map(rows.map(({ id, status }) => [id, status]));
  // By the attempt: a late record may stand beside its delivery's next one.
  return records.map(({ attemptId }) => {
    const status = byId.get(attemptId);
    return status === undefined ? { kind: 'lost' } : { kind: 'recorded', status };
  });
}
