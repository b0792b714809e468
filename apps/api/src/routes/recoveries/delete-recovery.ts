import { stopRecovery } from '@posthorn/store/tenant/stop-recovery';
import { type Answer, noContent } from '../../http/answer.ts';
import { notFound } from '../../http/app-error.ts';
import type { Call } from '../define-route.ts';
import { readPathId } from '../read-id.ts';

/** `DELETE /v1/recoveries/{id}`: no further delivery is replayed; what was goes on. */
export async function deleteRecovery({ tenant, params, act }: Call): Promise<Answer> {
  const recovery = { tenantId: tenant.id, id: readPathId('recovery', params.id) };
  const found = await stopRecovery(tenant.database, recovery, new Date(), act('recovery', params.id));
  if (!found) throw notFound();
  return noContent;
}
