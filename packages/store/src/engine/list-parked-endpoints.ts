import { Prisma } from '../generated/client.ts';
import type { Database } from '../open-database.ts';

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/**
 * Endpoints with parked rows, as `endpoint_id` and in its order; the index is skipped through, so the backlog's size does
 * not matter.
 *
 * @param after only those after this one
 */
export const parkedEndpoints = (after = FIRST_ID): Prisma.Sql => Prisma.sql`
  WITH RECURSIVE busy AS (
    (SELECT endpoint_id FROM deliveries
     WHERE status IN ('pending', 'retrying') AND parked AND endpoint_id > ${after}::uuid
     ORDER BY endpoint_id LIMIT 1)
    UNION ALL
    SELECT (SELECT d.endpoint_id FROM deliveries d
            WHERE d.status IN ('pending', 'retrying') AND d.parked AND d.endpoint_id > busy.endpoint_id
            ORDER BY d.endpoint_id LIMIT 1)
    FROM busy WHERE busy.endpoint_id IS NOT NULL
  )
  SELECT endpoint_id FROM busy WHERE endpoint_id IS NOT NULL`;

export interface ParkedEndpoint {
  readonly endpointId: string;
  readonly tenantId: string;
}

/**
 * Endpoints with parked rows, in the order of their ids.
 *
 * @param after where the last call ended, or `null` to begin
 * @param limit endpoints at the most; fewer mean that the end was reached
 */
export function listParkedEndpoints(
  database: Database,
  after: string | null,
  limit: number,
): Promise<ParkedEndpoint[]> {
  return database.$queryRaw<ParkedEndpoint[]>`
    SELECT p.endpoint_id AS "endpointId", e.tenant_id AS "tenantId"
    FROM (SELECT endpoint_id FROM (${parkedEndpoints(after ?? FIRST_ID)}) parked LIMIT ${limit}) p
    JOIN endpoints e ON e.id = p.endpoint_id ORDER BY p.endpoint_id`;
}
