import type { Database } from '../open-database.ts';
import type { RecoveryScope } from './count-recoverable.ts';

/** Stores a recovery, which a dispatcher then carries on. @param matched what it is expected to replay; @returns its id */
export async function createRecovery(database: Database, scope: RecoveryScope, matched: number): Promise<string> {
  const { tenantId, endpointId, since, until, statuses } = scope;
  const [row] = await database.$queryRaw<{ id: string }[]>`
    INSERT INTO recoveries (id, tenant_id, endpoint_id, since, until, statuses, matched)
    VALUES (uuid_v7_at(now()), ${tenantId}::uuid, ${endpointId}::uuid, ${since}::timestamptz, ${until}::timestamptz,
            ${[...statuses]}::text[], ${matched})
    RETURNING id`;
  if (!row) throw new Error('A recovery that was stored has no row');
  return row.id;
}
