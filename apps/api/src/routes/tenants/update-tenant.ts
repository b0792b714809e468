import type { updateTenantBody } from '@posthorn/http-api/tenant';
import { updateTenant } from '@posthorn/store/operator/update-tenant';
import type { z } from 'zod';
import type { Deps } from '../../deps.ts';
import { type Answer, ok } from '../../http/answer.ts';
import { invalid, notFound } from '../../http/app-error.ts';
import type { Call } from '../define-route.ts';
import { checkSecretsFit } from '../profiles/check-secrets-fit.ts';
import { readPathId } from '../read-id.ts';
import { showTenant } from './show-tenant.ts';

/** `PATCH /v1/tenants/{id}` */
export async function patchTenant(
  { params, body: { name, email, profile, quotas }, act }: Call<null, undefined, z.output<typeof updateTenantBody>>,
  { database, secretBox }: Pick<Deps, 'database' | 'secretBox'>,
): Promise<Answer> {
  const changes = {
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email }),
    ...(profile !== undefined && { profile }),
    ...(quotas && {
      quotas: {
        ...(quotas.endpoints !== undefined && { endpoints: quotas.endpoints }),
        ...(quotas.events_per_month !== undefined && { eventsPerMonth: quotas.events_per_month }),
      },
    }),
  };
  const result = await updateTenant(
    database,
    readPathId('tenant', params.id),
    changes,
    (next, secrets) => checkSecretsFit(secretBox, next, secrets),
    act('tenant', params.id),
  );
  if (result.kind === 'not_found') throw notFound();
  if (result.kind === 'unknown_profile') {
    throw invalid({ path: 'profile', message: 'is neither a built-in profile nor one of this tenant' });
  }
  return ok(showTenant(result.tenant));
}
