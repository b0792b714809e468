import type { Database } from '../open-database.ts';

/** Deliveries cancelled in one statement: a long backlog would outlast the statement's time limit. */
const MAX_CANCELLED_AT_ONCE = 5_000;

/**
 * Disables an endpoint for a reason that its owner reads, and cancels its open deliveries. Nothing is sent from the first
 * statement on; what a crash leaves uncancelled is cancelled when its turn comes (see explain-unclaimed).
 */
export async function disableEndpoint(database: Database, endpointId: string, reason: string): Promise<void> {
  await database.$executeRaw`
    UPDATE endpoints SET status = 'disabled', disabled_reason = ${reason}
    WHERE id = ${endpointId}::uuid AND status = 'enabled' AND deleted_at IS NULL`;
  for (let cancelled = MAX_CANCELLED_AT_ONCE; cancelled === MAX_CANCELLED_AT_ONCE; ) {
    cancelled = await database.$executeRaw`
      UPDATE deliveries d
      SET status = 'cancelled', due_at = NULL, completed_at = now(), parked = false,
          last_error = 'The endpoint was disabled: ' || ${reason}
      FROM (SELECT id FROM deliveries WHERE endpoint_id = ${endpointId}::uuid AND status IN ('pending', 'retrying')
            LIMIT ${MAX_CANCELLED_AT_ONCE} FOR UPDATE SKIP LOCKED) open, endpoints e
      WHERE d.id = open.id AND e.id = d.endpoint_id AND e.status = 'disabled'`;
  }
}
