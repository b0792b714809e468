import type { Database } from '../open-database.ts';

/** Cancels open deliveries whose endpoint was disabled or deleted after they were made; `recover` finds them. */
export async function cancelUnreachable(database: Database, deliveryIds: readonly string[]): Promise<void> {
  await database.$executeRaw`
    UPDATE deliveries d
    SET status = 'cancelled', due_at = NULL, completed_at = now(), parked = false,
        last_error = CASE WHEN e.deleted_at IS NOT NULL THEN 'The endpoint was deleted'
                          ELSE 'The endpoint was disabled' || coalesce(': ' || e.disabled_reason, '') END
    FROM endpoints e
    WHERE d.id = ANY (${[...deliveryIds]}::text[]::uuid[]) AND d.status IN ('pending', 'retrying')
      AND e.id = d.endpoint_id AND (e.status = 'disabled' OR e.deleted_at IS NOT NULL)`;
}
