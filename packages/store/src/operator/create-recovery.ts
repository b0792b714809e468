import { type Act, noteAct } from '../note-act.ts';
import type { Database, Transaction } from '../open-database.ts';
import type { RecoveryScope } from './count-recoverable.ts';

const insert = (
  tx: Transaction,
  { tenantId, endpointId, since, until, statuses }: RecoveryScope,
  matched: number,
): Promise<{ id: string }[]> => tx.$queryRaw`
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

/** Stores a recovery, which a dispatcher then carries on. @param matched what it is expected to replay; @returns its id */
export function createRecovery(database: Database, scope: RecoveryScope, matched: number, act: Act): Promise<string> {
  return database.$transaction(async (tx) => {
    const [row] = await insert(tx, scope, matched);
    if (!row) throw new Error('The endpoint of a recovery is not there');
    await noteAct(tx, scope.tenantId, act);
    return row.id;
  });
}
