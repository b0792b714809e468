import type { Database } from '../open-database.ts';

/** Deliveries cancelled in one statement: a long backlog would outlast the statement's time limit. */
const MAX_CANCELLED_AT_ONCE = 5_000;

/**
 * Cancels what is open of an endpoint that was disabled. Nothing is sent to it any more; what a crash leaves
 * uncancelled is cancelled when its turn comes (see explain-unclaimed).
 */
export async function cancelBacklog(database: Database, endpointId: string): Promise<void> {
  for (let cancelled = MAX_CANCELLED_AT_ONCE; cancelled === MAX_CANCELLED_AT_ONCE; ) {
    cancelled = await database.$executeRaw`
      UPDATE deliveries d
      SET status = 'cancelled', due_at = NULL, completed_at = now(), parked = false,
          last_error = 'The endpoint was disabled' || coalesce(': ' || e.disabled_reason, '')
      FROM (SELECT id FROM deliveries WHERE endpoint_id = ${endpointId}::uuid AND status IN ('pending', 'retrying')
              AND probe IS NULL
            LIMIT ${MAX_CANCELLED_AT_ONCE} FOR UPDATE SKIP LOCKED) open, endpoints e
      WHERE d.id = open.id AND e.id = d.endpoint_id AND e.status = 'disabled'`;
  }
}
