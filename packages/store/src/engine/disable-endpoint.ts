import type { Database } from '../open-database.ts';

/** Disables an endpoint for a reason that its owner reads, and cancels its open deliveries, in one statement. */
export async function disableEndpoint(database: Database, endpointId: string, reason: string): Promise<void> {
  await database.$executeRaw`
    WITH disabled AS (
      UPDATE endpoints SET status = 'disabled', disabled_reason = ${reason}
      WHERE id = ${endpointId}::uuid AND status = 'enabled' AND deleted_at IS NULL
      RETURNING id
    )
    UPDATE deliveries d
    SET status = 'cancelled', due_at = NULL, completed_at = now(), parked = false,
        last_error = 'The endpoint was disabled: ' || ${reason}
    FROM disabled WHERE d.endpoint_id = disabled.id AND d.status IN ('pending', 'retrying')`;
}
