import { Prisma } from '../generated/client.ts';
import type { Database } from '../open-database.ts';
import { endpointOfDelivery, onlyIf } from './only-if.ts';

/** Waiting deliveries cancelled in one statement: a long backlog would outlast the statement's time limit. */
const MAX_WAITING_AT_ONCE = 5_000;

const mayBeCancelled = onlyIf(Prisma.sql`
  d.status IN ('pending', 'retrying') AND ((e.status = 'disabled' AND d.probe IS NULL) OR e.deleted_at IS NOT NULL)`);

async function cancelWhere(database: Database, rows: Prisma.Sql): Promise<void> {
  await database.$executeRaw`
    UPDATE deliveries d
    SET status = 'cancelled', due_at = NULL, completed_at = now(), parked = false,
        last_error = CASE WHEN e.deleted_at IS NOT NULL THEN 'The endpoint was deleted'
                          ELSE 'The endpoint was disabled' || coalesce(': ' || e.disabled_reason, '') END
    FROM endpoints e
    WHERE ${rows} AND ${endpointOfDelivery} AND ${mayBeCancelled}`;
}

/** Cancels those of these deliveries whose endpoint was disabled or deleted after they were made; `recover` finds them. */
export const cancelUnreachable = (database: Database, deliveryIds: readonly string[]): Promise<void> =>
  cancelWhere(database, Prisma.sql`d.id = ANY (${[...deliveryIds]}::text[]::uuid[])`);

const cancelWaiting = (database: Database, endpointIds: readonly string[], waiting: Prisma.Sql): Promise<void> =>
  cancelWhere(
    database,
    Prisma.sql`d.id IN (
      SELECT w.id FROM endpoints gone CROSS JOIN LATERAL (
        SELECT id FROM deliveries
        WHERE tenant_id = gone.tenant_id AND endpoint_id = gone.id AND ${waiting}
        LIMIT ${MAX_WAITING_AT_ONCE} FOR UPDATE SKIP LOCKED) w
      WHERE gone.id = ANY (${[...endpointIds]}::text[]::uuid[]) AND (gone.status = 'disabled' OR gone.deleted_at IS NOT NULL)
      LIMIT ${MAX_WAITING_AT_ONCE})`,
  );

/**
 * The same for what is parked, of those of these endpoints that were disabled or deleted: a bounded number of rows, the next
 * call goes on.
 */
export const cancelUnreachableParked = (
  database: Database,
  endpoints: readonly { readonly endpointId: string }[],
): Promise<void> =>
  cancelWaiting(
    database,
    endpoints.map(({ endpointId }) => endpointId),
    Prisma.sql`status IN ('pending', 'retrying') AND parked`,
  );

/** The same for what is held in a line. */
export const cancelUnreachableHeld = (database: Database, endpointIds: readonly string[]): Promise<void> =>
  cancelWaiting(database, endpointIds, Prisma.sql`due_at = held_until()`);
