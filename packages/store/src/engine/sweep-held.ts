import { EVERY_ID, type IdSpan } from '@posthorn/domain/id-span';
import type { Database, Transaction } from '../open-database.ts';
import { cancelUnreachableHeld } from './cancel-unreachable.ts';
import type { DueDelivery } from './event-request.ts';
import type { OrderingLine } from './ordering-line.ts';
import { releaseHeld } from './release-held.ts';
import { walkIndex } from './walk-index.ts';

/** Where a sweep begins: before every line. */
export const SWEEP_START: OrderingLine = { endpointId: '00000000-0000-0000-0000-000000000000', orderingKey: '' };

interface FoundLine extends OrderingLine {
  readonly reachable: boolean;
}

/** Lines in which somebody is held; the index is skipped through, so how many wait in each does not matter. */
const listHeldLines = (
  tx: Transaction,
  after: OrderingLine,
  limit: number,
  { from, to }: IdSpan,
): Promise<FoundLine[]> => tx.$queryRaw<FoundLine[]>`
  WITH RECURSIVE held AS (
    (SELECT endpoint_id, ordering_key FROM deliveries
     WHERE id BETWEEN ${from}::uuid AND ${to}::uuid AND due_at = held_until()
       AND (endpoint_id, ordering_key) > (${after.endpointId}::uuid, ${after.orderingKey})
     ORDER BY endpoint_id, ordering_key LIMIT 1)
    UNION ALL
    SELECT n.* FROM held CROSS JOIN LATERAL (
      SELECT d.endpoint_id, d.ordering_key FROM deliveries d
      WHERE d.id BETWEEN ${from}::uuid AND ${to}::uuid AND d.due_at = held_until()
        AND (d.endpoint_id, d.ordering_key) > (held.endpoint_id, held.ordering_key)
      ORDER BY d.endpoint_id, d.ordering_key LIMIT 1) n
  )
  SELECT l.endpoint_id AS "endpointId", l.ordering_key AS "orderingKey", e.status = 'enabled' AND e.deleted_at IS NULL AS reachable
  FROM (SELECT * FROM held LIMIT ${limit}) l JOIN endpoints e ON e.id = l.endpoint_id
  ORDER BY l.endpoint_id, l.ordering_key`;

/**
 * Releases what a crash, a cancelled or taken-over delivery, or a changed policy left held with nobody before it; and cancels
 * what is held at an endpoint that was disabled or deleted.
 *
 * @param after where the sweep before ended, or `SWEEP_START`
 * @param limit lines at the most
 * @param span where open deliveries are
 */
export async function sweepHeld(
  database: Database,
  after: OrderingLine,
  limit: number,
  span: IdSpan = EVERY_ID,
): Promise<{ readonly released: DueDelivery[]; readonly next: OrderingLine }> {
  const lines = await walkIndex(database, (tx) => listHeldLines(tx, after, limit, span));
  const gone = new Set(lines.filter(({ reachable }) => !reachable).map(({ endpointId }) => endpointId));
  if (gone.size > 0) await cancelUnreachableHeld(database, [...gone]);
  const reachable = lines.filter((line) => line.reachable);
  const released = reachable.length === 0 ? [] : await releaseHeld(database, reachable, span);
  return { released, next: (lines.length === limit && lines.at(-1)) || SWEEP_START };
}
