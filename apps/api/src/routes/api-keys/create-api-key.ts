import { uuidMoment } from '@posthorn/domain/uuid-time';
import type { createApiKeyBody } from '@posthorn/http-api/api-key';
import { newId } from '@posthorn/runtime/new-id';
import { createApiKey } from '@posthorn/store/operator/create-api-key';
import type { z } from 'zod';
import type { Deps } from '../../deps.ts';
import { type Answer, created, noStore } from '../../http/answer.ts';
import { makeApiKey } from '../../http/api-key.ts';
import { invalid } from '../../http/app-error.ts';
import type { Call } from '../define-route.ts';
import { requireTenant } from './require-tenant.ts';
import { showApiKey } from './show-api-key.ts';

/** `POST /v1/tenants/{id}/api-keys` */
export async function postApiKey(
  { params, body }: Call<null, undefined, z.output<typeof createApiKeyBody>>,
  { database }: Pick<Deps, 'database'>,
): Promise<Answer> {
  const tenantId = await requireTenant(database, params.id);
  const expiresAt = body.expires_at ?? null;
  if (expiresAt && expiresAt <= new Date()) throw invalid({ path: 'expires_at', message: 'must be in the future' });
  const id = newId();
  const { key, prefix, digest } = makeApiKey(id);
  const scopes = [...new Set(body.scopes)];
  const row = await createApiKey(database, {
    id,
    tenantId,
    name: body.name,
    scopes,
    prefix,
    digest,
    createdAt: uuidMoment(id),
    expiresAt,
  });
  return { ...created({ ...showApiKey(row), api_key: key }), headers: noStore };
}
