import { deleteEndpoint as deleteRow } from '@posthorn/store/tenant/delete-endpoint';
import { type Answer, noContent } from '../../http/answer.ts';
import { notFound } from '../../http/app-error.ts';
import type { Call } from '../define-route.ts';
import { readPathId } from '../read-id.ts';

/** `DELETE /v1/webhook-endpoints/{id}`: its open deliveries become `cancelled`. */
export async function deleteEndpoint({ tenant, params, act }: Call): Promise<Answer> {
  const id = readPathId('endpoint', params.id);
  if (!(await deleteRow(tenant.database, tenant.id, id, act('endpoint', params.id)))) throw notFound();
  return noContent;
}
