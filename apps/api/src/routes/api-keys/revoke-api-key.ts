import { revokeApiKey } from '@posthorn/store/operator/revoke-api-key';
import type { Deps } from '../../deps.ts';
import { type Answer, noContent } from '../../http/answer.ts';
import { notFound } from '../../http/app-error.ts';
import type { Call } from '../define-route.ts';
import { readPathId } from '../read-id.ts';

/** `DELETE /v1/tenants/{id}/api-keys/{key}`: refused from the next request on. */
export async function deleteApiKey({ params }: Call<null>, { database }: Pick<Deps, 'database'>): Promise<Answer> {
  const tenantId = readPathId('tenant', params.id);
  if (!(await revokeApiKey(database, tenantId, readPathId('apiKey', params.key)))) throw notFound();
  return noContent;
}
