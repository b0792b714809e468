import { listEndpoints } from '@posthorn/store/tenant/list-endpoints';
import type { Deps } from '../../deps.ts';
import { type Answer, ok } from '../../http/answer.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';
import { type PagingQuery, readPageRequest, showPage } from '../show-page.ts';
import { showEndpoint } from './show-endpoint.ts';

/** `GET /v1/webhook-endpoints` */
export async function getEndpoints(
  { tenant, query }: Call<TenantScope, PagingQuery>,
  { secretBox }: Pick<Deps, 'secretBox'>,
): Promise<Answer> {
  const page = await listEndpoints(tenant.database, readPageRequest('endpoints', query));
  return ok(showPage('endpoints', page, (row) => showEndpoint(row, tenant, secretBox)));
}
