import { uuidFloor } from '@posthorn/domain/uuid-time';
import { isLatest } from '../engine/latest-delivery.ts';
import type { Database } from '../open-database.ts';

/** Which of an endpoint's deliveries are to be sent again: made from `since` on and before `until`. */
export interface RecoveryScope {
  readonly tenantId: string;
  readonly endpointId: string;
  readonly since: Date;
  readonly until: Date;
  readonly statuses: readonly string[];
}

/** How many deliveries a recovery would replay: of each event the latest, where it has one of the statuses. */
export async function countRecoverable(database: Database, scope: RecoveryScope): Promise<number> {
  const [row] = await database.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM deliveries d
    WHERE d.endpoint_id = ${scope.endpointId}::uuid AND d.tenant_id = ${scope.tenantId}::uuid
      AND d.id >= ${uuidFloor(scope.since)}::uuid AND d.id < ${uuidFloor(scope.until)}::uuid
      AND d.probe IS NULL
      AND d.status = ANY (${[...scope.statuses]}::text[]) AND ${isLatest}`;
  return row?.count ?? 0;
}
