import { listApiKeys } from '@posthorn/store/operator/list-api-keys';
import type { Deps } from '../../deps.ts';
import { type Answer, ok } from '../../http/answer.ts';
import type { Call } from '../define-route.ts';
import { type PagingQuery, readPageRequest, showPage } from '../show-page.ts';
import { requireTenant } from './require-tenant.ts';
import { showApiKey } from './show-api-key.ts';

/** `GET /v1/tenants/{id}/api-keys` */
export async function getApiKeys(
  { params, query }: Call<null, PagingQuery>,
  { database }: Pick<Deps, 'database'>,
): Promise<Answer> {
  const tenantId = await requireTenant(database, params.id);
  return ok(showPage('keys', await listApiKeys(database, tenantId, readPageRequest('keys', query)), showApiKey));
}
