import { Prisma } from '../generated/client.ts';
import type { Database } from '../open-database.ts';
import type { DueDelivery } from './event-request.ts';
import { onlyIf } from './only-if.ts';

const waits = onlyIf(Prisma.sql`d.status IN ('pending', 'retrying') AND NOT d.parked AND d.lease_token IS NULL`);

/** Gives rows that lost their job a new generation, so that a new job can be made; rows that moved on are left out. */
export async function renewGeneration(database: Database, rows: readonly DueDelivery[]): Promise<DueDelivery[]> {
  // They stand twice: what a join finds rules no partition out.
  const ids = rows.map(({ id }) => id);
  return database.$queryRaw<DueDelivery[]>`
    UPDATE deliveries d SET generation = d.generation + 1
    FROM unnest(
      ${ids}::text[]::uuid[],
      ${rows.map(({ generation }) => generation)}::int[]
    ) AS w(id, generation)
    WHERE d.id = ANY (${ids}::text[]::uuid[]) AND d.id = w.id AND d.generation = w.generation
      AND ${waits}
    RETURNING d.id, d.tenant_id AS "tenantId", d.endpoint_id AS "endpointId", d.generation, d.attempt_limit AS "attemptLimit"`;
}
