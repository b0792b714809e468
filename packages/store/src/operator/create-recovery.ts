import type { Database } from '../open-database.ts';
import type { RecoveryScope } from './count-recoverable.ts';

/** Stores a recovery, which a dispatcher then carries on. @param matched what it is expected to replay; @returns its id */
export async function createRecovery(database: Database, scope: RecoveryScope, matched: number): Promise<string> {
  const { tenantId, endpointId, since, until, statuses } = scope;
  const [row] = await database.$queryRaw<{ id: string }[]>`
    WITH locked AS MATERIALIZED (
      -- Those of one endpoint are visible in the order in which they were made, and take turns in it.
      SELECT id, tenant_id FROM endpoints WHERE id = ${endpointId}::uuid AND tenant_id = ${tenantId}::uuid
      FOR NO KEY UPDATE
    )
    INSERT INTO recoveries (id, tenant_id, endpoint_id, since, until, statuses, matched, created_at)
    SELECT uuid_v7_at(clock_timestamp()), tenant_id, id, ${since}::timestamptz, ${until}::timestamptz,
           ${[...statuses]}::text[], ${matched}, clock_timestamp()
    FROM locked
    RETURNING id`;
  if (!row) throw new Error('The endpoint of a recovery is not there');
  return row.id;
}
