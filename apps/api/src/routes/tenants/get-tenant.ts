import { findTenant } from '@posthorn/store/operator/find-tenant';
import { readQuotaUse } from '@posthorn/store/operator/read-quota-use';
import type { Deps } from '../../deps.ts';
import { type Answer, ok } from '../../http/answer.ts';
import { notFound } from '../../http/app-error.ts';
import type { Call } from '../define-route.ts';
import { readPathId } from '../read-id.ts';
import { showTenant } from './show-tenant.ts';

/** `GET /v1/tenants/{id}` */
export async function getTenant({ params }: Call<null>, { database }: Pick<Deps, 'database'>): Promise<Answer> {
  const tenant = await findTenant(database, readPathId('tenant', params.id));
  if (!tenant) throw notFound();
  const { endpointsUsed, eventsUsed } = await readQuotaUse(database, tenant.id);
  const used = { endpoints: endpointsUsed, events_this_month: eventsUsed };
  return ok({ ...showTenant(tenant), quota_usage: used });
}
