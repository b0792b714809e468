import type { Database } from '../open-database.ts';
import type { ClaimedDelivery } from './claimed-delivery.ts';

/** A claimed delivery that is given back unsent, and in how many ms, by the database's clock, it is due again. */
export interface PutOff extends Pick<ClaimedDelivery, 'id' | 'token'> {
  readonly delayMs: number;
}

/**
 * Gives claimed deliveries back that were not sent: no attempt is counted. Each gets a new generation, so that a job made
 * from now on is the only one that counts. What is due at once is parked: whoever looks for parked rows finds it soon.
 * Those whose lease is over are left alone.
 */
export async function putOff(database: Database, deliveries: readonly PutOff[]): Promise<void> {
  // They stand twice: what a join finds rules no partition out.
  const ids = deliveries.map(({ id }) => id);
  await database.$executeRaw`
    UPDATE deliveries d SET lease_token = NULL, leased_at = NULL, lease_until = NULL,
      parked = d.due_at IS NOT NULL AND p.delay_ms = 0, generation = d.generation + 1,
      due_at = CASE WHEN d.due_at IS NOT NULL THEN greatest(d.due_at, now() + p.delay_ms * interval '1 millisecond') END
    FROM unnest(
      ${ids}::text[]::uuid[],
      ${deliveries.map(({ token }) => token)}::text[]::uuid[],
      ${deliveries.map(({ delayMs }) => delayMs)}::float8[]
    ) AS p(id, token, delay_ms)
    WHERE d.id = ANY (${ids}::text[]::uuid[]) AND d.id = p.id AND d.lease_token = p.token`;
}
