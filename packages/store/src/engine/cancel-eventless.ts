import type { Database } from '../open-database.ts';
import type { ClaimedRow } from './claimed-delivery.ts';

/** Cancels claimed deliveries whose event's row was removed by hand: there is nothing left to send. */
export async function cancelEventless(
  database: Database,
  claimed: readonly Pick<ClaimedRow, 'id' | 'token'>[],
): Promise<void> {
  await database.$executeRaw`
    UPDATE deliveries d
    SET status = 'cancelled', due_at = NULL, completed_at = now(), parked = false,
        lease_token = NULL, leased_at = NULL, lease_until = NULL, last_error = 'The event is not stored any more'
    FROM unnest(${claimed.map(({ id }) => id)}::text[]::uuid[], ${claimed.map(({ token }) => token)}::text[]::uuid[])
      AS held(id, token)
    WHERE d.id = ANY (${claimed.map(({ id }) => id)}::text[]::uuid[]) AND d.id = held.id AND d.lease_token = held.token`;
}
