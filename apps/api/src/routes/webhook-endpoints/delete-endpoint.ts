import { deleteEndpoint as deleteRow } from '@posthorn/store/tenant/delete-endpoint';
import type { Deps } from '../../deps.ts';
import { type Answer, noContent } from '../../http/answer.ts';
import { notFound } from '../../http/app-error.ts';
import type { Call } from '../define-route.ts';
import { readPathId } from '../read-id.ts';

/** `DELETE /v1/webhook-endpoints/{id}`: its open deliveries become `cancelled`. */
export async function deleteEndpoint(
  { tenant, params, act }: Call,
  { announceEndpoint }: Pick<Deps, 'announceEndpoint'>,
): Promise<Answer> {
  const id = readPathId('endpoint', params.id);
  if (!(await deleteRow(tenant.database, tenant.id, id, act('endpoint', params.id)))) throw notFound();
  await announceEndpoint(id);
  return noContent;
}
