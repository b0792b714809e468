import { type DeliveryStatus, deliveryStatuses } from '@posthorn/domain/delivery/delivery-status';
import type { Database } from '../open-database.ts';

/** What was accepted against what became of it. */
export interface LedgerFigures {
  readonly eventsAccepted: number;
  /** Counted from the events and the replays, apart from `byStatus`. */
  readonly deliveries: number;
  readonly byStatus: Readonly<Record<DeliveryStatus, number>>;
  readonly oldestDueMs: number;
}

interface Row {
  readonly events: bigint;
  readonly made: bigint;
  readonly by_status: Partial<Record<DeliveryStatus, number>> | null;
  readonly replays: bigint;
  readonly oldest_due_ms: number;
}

/**
 * Reads the ledger in one statement, so every figure is of the same moment.
 *
 * @param tenantId `null`: of all tenants together
 */
export async function readLedger(database: Database, tenantId: string | null): Promise<LedgerFigures> {
  const [row] = await database.$queryRaw<Row[]>`
    WITH accepted AS (
      SELECT count(*) AS events, coalesce(sum(delivery_count), 0)::bigint AS made
      FROM events WHERE ${tenantId}::uuid IS NULL OR tenant_id = ${tenantId}::uuid
    ), counted AS (
      SELECT status, count(*) AS rows, count(replay_of) AS replays, min(due_at) AS oldest
      FROM deliveries WHERE ${tenantId}::uuid IS NULL OR tenant_id = ${tenantId}::uuid
      GROUP BY status
    )
    SELECT events, made,
           (SELECT jsonb_object_agg(status, rows) FROM counted) AS by_status,
           (SELECT coalesce(sum(replays), 0)::bigint FROM counted) AS replays,
           (SELECT coalesce(greatest(extract(epoch FROM now() - min(oldest)) * 1000, 0), 0)::float8 FROM counted)
             AS oldest_due_ms
    FROM accepted`;
  if (!row) throw new Error('The ledger statement returned no row');
  const zeros = Object.fromEntries(deliveryStatuses.map((status) => [status, 0])) as Record<DeliveryStatus, number>;
  return {
    eventsAccepted: Number(row.events),
    deliveries: Number(row.made) + Number(row.replays),
    byStatus: { ...zeros, ...row.by_status },
    oldestDueMs: Math.round(row.oldest_due_ms),
  };
}
