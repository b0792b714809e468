import { type DeliveryStatus, deliveryStatuses } from '@posthorn/domain/delivery/delivery-status';
import { parkedEndpoints } from '../engine/list-parked-endpoints.ts';
import { walkIndex } from '../engine/walk-index.ts';
import { Prisma } from '../generated/client.ts';
import type { Database } from '../open-database.ts';

/** What was accepted against what became of it. */
export interface LedgerFigures {
  readonly eventsAccepted: number;
  /** Counted from the events and the replays, apart from `byStatus`. */
  readonly deliveries: number;
  readonly byStatus: Readonly<Record<DeliveryStatus, number>>;
  readonly oldestDueMs: number;
  /** What of all that was removed since, because it was older than the retention. */
  readonly dropped: { readonly events: number; readonly deliveries: number };
}

/**
 * Of each endpoint the longest waiting delivery is one step into an index, however many wait; of all tenants together, so
 * is the one that has a job, and the parked ones are sought endpoint by endpoint.
 */
const oldestDue = (tenantId: string | null): Prisma.Sql =>
  tenantId === null
    ? Prisma.sql`
        SELECT least(
          (SELECT due_at FROM deliveries WHERE status IN ('pending', 'retrying') AND NOT parked ORDER BY due_at LIMIT 1),
          (SELECT min(first.due_at) FROM (${parkedEndpoints}) parked CROSS JOIN LATERAL (
             SELECT due_at FROM deliveries d
             WHERE d.tenant_id = parked.tenant_id AND d.endpoint_id = parked.endpoint_id
               AND d.status IN ('pending', 'retrying') AND d.parked
             ORDER BY tenant_id, endpoint_id, due_at LIMIT 1) first)) AS at`
    : Prisma.sql`
        SELECT min(first.due_at) AS at FROM endpoints e CROSS JOIN LATERAL (
          SELECT due_at FROM deliveries d WHERE d.endpoint_id = e.id AND d.status IN ('pending', 'retrying')
          ORDER BY due_at LIMIT 1) first
        WHERE e.tenant_id = ${tenantId}::uuid`;

interface Row {
  readonly counts: Readonly<Record<string, number>> | null;
  readonly oldestDueMs: number;
}

/**
 * Reads the ledger in one statement, so every figure is of the same moment. Its cost does not grow with the deliveries.
 *
 * @param tenantId `null`: of all tenants together
 */
export async function readLedger(database: Database, tenantId: string | null): Promise<LedgerFigures> {
  const mine = tenantId === null ? Prisma.sql`true` : Prisma.sql`tenant_id = ${tenantId}::uuid`;
  const [row] = await walkIndex(
    database,
    (tx) => tx.$queryRaw<Row[]>`
    WITH kept AS (
      SELECT name, total AS n FROM ledger_totals WHERE ${mine}
      UNION ALL
      SELECT name, change FROM ledger_changes WHERE ${mine}
    ), summed AS (SELECT name, sum(n)::float8 AS n FROM kept GROUP BY name), oldest AS (${oldestDue(tenantId)})
    SELECT (SELECT jsonb_object_agg(name, n) FROM summed) AS counts,
           (SELECT coalesce(greatest(extract(epoch FROM now() - at) * 1000, 0), 0)::float8 FROM oldest) AS "oldestDueMs"`,
  );
  if (!row) throw new Error('The ledger statement returned no row');
  const count = (name: string): number => row.counts?.[name] ?? 0;
  const droppedDeliveries = deliveryStatuses.reduce((sum, status) => sum + count(`dropped_${status}`), 0);
  return {
    eventsAccepted: count('events'),
    deliveries: count('made') + count('replays'),
    byStatus: Object.fromEntries(deliveryStatuses.map((status) => [status, count(status)])) as Record<
      DeliveryStatus,
      number
    >,
    oldestDueMs: Math.round(row.oldestDueMs),
    dropped: { events: count('dropped_events'), deliveries: droppedDeliveries },
  };
}
