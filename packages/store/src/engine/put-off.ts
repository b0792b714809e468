import type { Database } from '../open-database.ts';
import type { ClaimedDelivery } from './claimed-delivery.ts';

/**
 * Gives a claimed delivery back that was not sent: no attempt is counted. It gets a new generation, so that a job made
 * from now on is the only one that counts.
 *
 * @param delayMs until it is due again, by the database's clock
 */
export async function putOff(
  database: Database,
  { id, token }: Pick<ClaimedDelivery, 'id' | 'token'>,
  delayMs: number,
): Promise<void> {
  await database.$executeRaw`
    UPDATE deliveries SET lease_token = NULL, leased_at = NULL, lease_until = NULL, parked = false,
      generation = generation + 1,
      due_at = CASE WHEN due_at IS NOT NULL THEN greatest(due_at, now() + ${delayMs} * interval '1 millisecond') END
    WHERE id = ${id}::uuid AND lease_token = ${token}::uuid`;
}
