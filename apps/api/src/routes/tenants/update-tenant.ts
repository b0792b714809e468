import type { updateTenantBody } from '@posthorn/http-api/tenant';
import { updateTenant } from '@posthorn/store/operator/update-tenant';
import type { z } from 'zod';
import type { Deps } from '../../deps.ts';
import { type Answer, ok } from '../../http/answer.ts';
import { notFound } from '../../http/app-error.ts';
import type { Call } from '../define-route.ts';
import { readPathId } from '../read-id.ts';
import { showTenant } from './show-tenant.ts';

/** `PATCH /v1/tenants/{id}` */
export async function patchTenant(
  { params, body: { name, email } }: Call<null, undefined, z.output<typeof updateTenantBody>>,
  { database }: Pick<Deps, 'database'>,
): Promise<Answer> {
  const changes = { ...(name !== undefined && { name }), ...(email !== undefined && { email }) };
  const tenant = await updateTenant(database, readPathId('tenant', params.id), changes);
  if (!tenant) throw notFound();
  return ok(showTenant(tenant));
}
