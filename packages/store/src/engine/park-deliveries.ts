import { Prisma } from '../generated/client.ts';
import type { Database } from '../open-database.ts';
import type { ClaimRequest } from './claim-result.ts';
import { onlyIf } from './only-if.ts';

const waits = onlyIf(Prisma.sql`
  d.status IN ('pending', 'retrying') AND d.lease_token IS NULL AND d.due_at <> held_until()`);

/** Lets rows wait in PostgreSQL without a job, because their endpoint is busy. Rows that moved on are left alone. */
export async function parkDeliveries(database: Database, requests: readonly ClaimRequest[]): Promise<void> {
  // They stand twice: what a join finds rules no partition out.
  const ids = requests.map(({ deliveryId }) => deliveryId);
  await database.$executeRaw`
    UPDATE deliveries d SET parked = true
    FROM unnest(
      ${ids}::text[]::uuid[],
      ${requests.map(({ generation }) => generation)}::int[]
    ) AS w(id, generation)
    WHERE d.id = ANY (${ids}::text[]::uuid[]) AND d.id = w.id AND d.generation = w.generation
      AND ${waits}`;
}
