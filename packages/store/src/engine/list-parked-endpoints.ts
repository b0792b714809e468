import { Prisma } from '../generated/client.ts';
import type { Database } from '../open-database.ts';

/** Endpoints with parked rows, as `endpoint_id`; the index is skipped through, so the backlog's size does not matter. */
export const parkedEndpoints = Prisma.sql`
  WITH RECURSIVE busy AS (
    (SELECT endpoint_id FROM deliveries
     WHERE status IN ('pending', 'retrying') AND parked ORDER BY endpoint_id LIMIT 1)
    UNION ALL
    SELECT (SELECT d.endpoint_id FROM deliveries d
            WHERE d.status IN ('pending', 'retrying') AND d.parked AND d.endpoint_id > busy.endpoint_id
            ORDER BY d.endpoint_id LIMIT 1)
    FROM busy WHERE busy.endpoint_id IS NOT NULL
  )
  SELECT endpoint_id FROM busy WHERE endpoint_id IS NOT NULL`;

/** Endpoints with parked rows. @param limit endpoints at the most */
export async function listParkedEndpoints(database: Database, limit: number): Promise<string[]> {
  const rows = await database.$queryRaw<{ endpointId: string }[]>`
    SELECT endpoint_id AS "endpointId" FROM (${parkedEndpoints}) parked LIMIT ${limit}`;
  return rows.map(({ endpointId }) => endpointId);
}
