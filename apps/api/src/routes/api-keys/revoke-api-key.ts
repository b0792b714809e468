import { revokeApiKey } from '@posthorn/store/operator/revoke-api-key';
import type { Deps } from '../../deps.ts';
import { type Answer, noContent } from '../../http/answer.ts';
import { notFound } from '../../http/app-error.ts';
import type { Call } from '../define-route.ts';
import { readPathId } from '../read-id.ts';

/** `DELETE /v1/tenants/{id}/api-keys/{key}`: refused from the next request on. */
export async function deleteApiKey({ params, act }: Call<null>, { database }: Pick<Deps, 'database'>): Promise<Answer> {
  const tenantId = readPathId('tenant', params.id);
  const id = readPathId('apiKey', params.key);
  if (!(await revokeApiKey(database, tenantId, id, act('api_key', params.key)))) throw notFound();
  return noContent;
}
