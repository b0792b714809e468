import type { Database } from '../open-database.ts';

/** Cancels deliveries claimed under this token whose event's row was removed by hand: there is nothing left to send. */
export async function cancelEventless(database: Database, ids: readonly string[], token: string): Promise<void> {
  await database.$executeRaw`
    UPDATE deliveries SET status = 'cancelled', due_at = NULL, completed_at = now(), parked = false,
      lease_token = NULL, leased_at = NULL, lease_until = NULL, last_error = 'The event is not stored any more'
    WHERE id = ANY (${ids}::text[]::uuid[]) AND lease_token = ${token}::uuid`;
}
