import { randomBytes } from 'node:crypto';
import type { rotateSecretBody } from '@posthorn/http-api/endpoint';
import { rotateSecret } from '@posthorn/store/tenant/rotate-secret';
import { formatSecret } from '@posthorn/wire/signing-key';
import type { z } from 'zod';
import type { Deps } from '../../deps.ts';
import { type Answer, noStore } from '../../http/answer.ts';
import { conflict, notFound } from '../../http/app-error.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';
import { readPathId } from '../read-id.ts';
import { SECRET_BYTES } from './create-endpoint.ts';
import { secretContext } from './show-endpoint.ts';

/** `POST /v1/webhook-endpoints/{id}/rotate-secret` */
export async function postRotation(
  { tenant, params, body }: Call<TenantScope, undefined, z.output<typeof rotateSecretBody>>,
  { secretBox }: Pick<Deps, 'secretBox'>,
): Promise<Answer> {
  const id = readPathId('endpoint', params.id);
  const secret = formatSecret(randomBytes(SECRET_BYTES));
  const result = await rotateSecret(tenant.database, id, {
    newSealed: secretBox.seal(secret, secretContext(id)),
    overlapMs: body.overlap_seconds * 1_000,
    now: new Date(),
  });
  if (result === 'not_found') throw notFound();
  if (result === 'lost') throw conflict('This endpoint’s secret is being rotated by others at the same time.');
  return { status: 200, body: { signing_secret: secret }, headers: noStore };
}
