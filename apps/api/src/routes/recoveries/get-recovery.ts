import { encodeTypeId } from '@posthorn/domain/type-id';
import type { Recovery } from '@posthorn/http-api/recovery';
import { findRecovery, type RecoveryRow } from '@posthorn/store/tenant/find-recovery';
import { type Answer, ok } from '../../http/answer.ts';
import { notFound } from '../../http/app-error.ts';
import type { Call } from '../define-route.ts';
import { readPathId } from '../read-id.ts';

const showRecovery = (row: RecoveryRow): Recovery => ({
  id: encodeTypeId('recovery', row.id),
  endpoint_id: encodeTypeId('endpoint', row.endpointId),
  since: row.since.toISOString(),
  until: row.until.toISOString(),
  statuses: row.statuses as Recovery['statuses'],
  status: row.status as Recovery['status'],
  matched: row.matched,
  replayed: row.replayed,
  created_at: row.createdAt.toISOString(),
  finished_at: row.finishedAt?.toISOString() ?? null,
});

/** `GET /v1/recoveries/{id}`: how far it is. */
export async function getRecovery({ tenant, params }: Call): Promise<Answer> {
  const row = await findRecovery(tenant.database, readPathId('recovery', params.id));
  if (!row) throw notFound();
  return ok(showRecovery(row));
}
