import { deleteEndpoint as deleteRow } from '@posthorn/store/tenant/delete-endpoint';
import { type Answer, noContent } from '../../http/answer.ts';
import { notFound } from '../../http/app-error.ts';
import type { Call } from '../define-route.ts';
import { readPathId } from '../read-id.ts';

/** `DELETE /v1/webhook-endpoints/{id}`: its open deliveries become `cancelled`. */
export async function deleteEndpoint({ tenant, params }: Call): Promise<Answer> {
  if (!(await deleteRow(tenant.database, readPathId('endpoint', params.id)))) throw notFound();
  return noContent;
}
