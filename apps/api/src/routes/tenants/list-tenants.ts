import { listTenants } from '@posthorn/store/operator/list-tenants';
import type { Deps } from '../../deps.ts';
import { type Answer, ok } from '../../http/answer.ts';
import type { Call } from '../define-route.ts';
import { type PagingQuery, readPageRequest, showPage } from '../show-page.ts';
import { showTenant } from './show-tenant.ts';

/** `GET /v1/tenants` */
export async function getTenants(
  { query }: Call<null, PagingQuery>,
  { database }: Pick<Deps, 'database'>,
): Promise<Answer> {
  return ok(showPage('tenants', await listTenants(database, readPageRequest('tenants', query)), showTenant));
}
