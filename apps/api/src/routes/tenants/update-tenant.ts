import type { updateTenantBody } from '@posthorn/http-api/tenant';
import { findOwnProfile } from '@posthorn/store/operator/find-own-profile';
import { findTenant } from '@posthorn/store/operator/find-tenant';
import { type TenantChanges, updateTenant } from '@posthorn/store/operator/update-tenant';
import type { Profile } from '@posthorn/wire/profile';
import { findProfile } from '@posthorn/wire/profiles';
import type { z } from 'zod';
import type { Deps } from '../../deps.ts';
import { type Answer, ok } from '../../http/answer.ts';
import { invalid, notFound } from '../../http/app-error.ts';
import type { Call } from '../define-route.ts';
import { checkSecretsFit } from '../profiles/check-secrets-fit.ts';
import { readPathId } from '../read-id.ts';
import { showTenant } from './show-tenant.ts';

type PatchDeps = Pick<Deps, 'database' | 'secretBox'>;

async function profileChange(tenantId: string, name: string, deps: PatchDeps): Promise<TenantChanges> {
  const builtIn = findProfile(name);
  const own = builtIn ? null : await findOwnProfile(deps.database, tenantId, name);
  const profile = builtIn ?? (own && (JSON.parse(own.definition) as Profile));
  if (!profile) throw invalid({ path: 'profile', message: 'is neither a built-in profile nor one of this tenant' });
  await checkSecretsFit(deps, tenantId, profile);
  return { profile: name, profileId: own?.id ?? null };
}

/** `PATCH /v1/tenants/{id}` */
export async function patchTenant(
  { params, body: { name, email, profile } }: Call<null, undefined, z.output<typeof updateTenantBody>>,
  deps: PatchDeps,
): Promise<Answer> {
  const id = readPathId('tenant', params.id);
  if (!(await findTenant(deps.database, id))) throw notFound();
  const changes = {
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email }),
    ...(profile !== undefined && (await profileChange(id, profile, deps))),
  };
  const tenant = await updateTenant(deps.database, id, changes);
  if (!tenant) throw notFound();
  return ok(showTenant(tenant));
}
