import { EVERY_ID, type IdSpan } from '@posthorn/domain/id-span';
import type { Database } from '../open-database.ts';
import type { DueDelivery } from './event-request.ts';
import { walkIndex } from './walk-index.ts';

/** Where a scan stands: after the row with this due time (µs since the epoch, as text) and id. */
export interface DueCursor {
  readonly dueAt: string;
  readonly id: string;
}

/** A row that is due, and for how long it has been. */
export interface OverdueDelivery extends DueDelivery {
  readonly overdueMs: number;
}

/** A page of the scan; `next` is null at its end. */
export interface DuePage {
  readonly rows: readonly OverdueDelivery[];
  readonly next: DueCursor | null;
}

/**
 * Open, unparked, unleased rows that have been due for at least `graceMs`, oldest first: each should have a job.
 *
 * @param after where the previous page ended, or `null` to begin
 * @param span where open deliveries are
 */
export async function listDueDeliveries(
  database: Database,
  graceMs: number,
  after: DueCursor | null,
  limit: number,
  span: IdSpan = EVERY_ID,
): Promise<DuePage> {
  const rows = await walkIndex(
    database,
    (tx) => tx.$queryRaw<(OverdueDelivery & { dueAt: string })[]>`
    SELECT id, tenant_id AS "tenantId", endpoint_id AS "endpointId", generation, attempt_limit AS "attemptLimit", due_at::text AS "dueAt",
           (extract(epoch FROM now() - due_at) * 1000)::float8 AS "overdueMs"
    FROM deliveries
    WHERE id BETWEEN ${span.from}::uuid AND ${span.to}::uuid
      AND status IN ('pending', 'retrying') AND NOT parked AND lease_token IS NULL
      AND due_at <= now() - ${graceMs} * interval '1 millisecond'
      AND (due_at, id) > (${after?.dueAt ?? '-infinity'}::timestamptz,
                          ${after?.id ?? '00000000-0000-0000-0000-000000000000'}::uuid)
    ORDER BY due_at, id LIMIT ${limit}`,
  );
  const last = rows.at(-1);
  return { rows, next: last && rows.length === limit ? { dueAt: last.dueAt, id: last.id } : null };
}
