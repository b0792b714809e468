import { tenantScopes } from '@posthorn/domain/scopes';
import { uuidMoment } from '@posthorn/domain/uuid-time';
import type { createTenantBody } from '@posthorn/http-api/tenant';
import { newId } from '@posthorn/runtime/new-id';
import { createTenant } from '@posthorn/store/operator/create-tenant';
import type { z } from 'zod';
import type { Deps } from '../../deps.ts';
import { type Answer, created, noStore } from '../../http/answer.ts';
import { makeApiKey } from '../../http/api-key.ts';
import type { Call } from '../define-route.ts';
import { showTenant } from './show-tenant.ts';

const FIRST_KEY_NAME = 'default';

/** `POST /v1/tenants`: the tenant and its first key, which has every tenant scope. */
export async function postTenant(
  { body }: Call<null, undefined, z.output<typeof createTenantBody>>,
  { database }: Pick<Deps, 'database'>,
): Promise<Answer> {
  const id = newId();
  const keyId = newId();
  const { key, prefix, digest } = makeApiKey(keyId);
  const createdAt = uuidMoment(id);
  const tenant = await createTenant(
    database,
    { id, name: body.name, profile: body.profile, email: body.email ?? null, createdAt },
    {
      id: keyId,
      tenantId: id,
      name: FIRST_KEY_NAME,
      scopes: tenantScopes,
      prefix,
      digest,
      createdAt: uuidMoment(keyId),
      expiresAt: null,
    },
  );
  return { ...created({ ...showTenant(tenant), api_key: key }), headers: noStore };
}
