import { diagnoseSignature } from '@posthorn/domain/signature/diagnose-signature';
import type { checkSignatureBody } from '@posthorn/http-api/signature-check';
import { sealedFor } from '@posthorn/store/sealed-columns';
import { findEndpointKeys } from '@posthorn/store/tenant/find-endpoint-keys';
import { profiles } from '@posthorn/wire/profiles';
import type { z } from 'zod';
import type { Deps } from '../../deps.ts';
import { type Answer, ok } from '../../http/answer.ts';
import { invalid } from '../../http/app-error.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';
import { readFilterId } from '../read-id.ts';

const MS_PER_SECOND = 1_000;

/** Every secret of an endpoint that is live; of a key pair, where the profile knows those, the public key. */
async function secretsOf(
  { profile, database }: TenantScope,
  id: string,
  { secretBox }: Pick<Deps, 'secretBox'>,
): Promise<string[]> {
  const keys = await findEndpointKeys(database, id);
  if (!keys) throw invalid({ path: 'endpoint_id', message: 'is not an endpoint of this tenant' });
  const { secretSealed, publicKey, nextSecretSealed, nextPublicKey, overlapEndsAt } = keys;
  const live = [
    ...(overlapEndsAt === null || overlapEndsAt > new Date() ? [{ sealed: secretSealed, publicKey }] : []),
    ...(nextSecretSealed === null ? [] : [{ sealed: nextSecretSealed, publicKey: nextPublicKey }]),
  ];
  return live.map(({ sealed, publicKey: key }) =>
    key !== null && profile.signature.keyPair !== null ? key : secretBox.open(sealed, sealedFor(id, 'secret')),
  );
}

/** `POST /v1/signature-checks`: changes nothing, and answers nothing of the secret. */
export async function postSignatureCheck(
  { tenant, body }: Call<TenantScope, undefined, z.output<typeof checkSignatureBody>>,
  deps: Pick<Deps, 'secretBox'>,
): Promise<Answer> {
  const { headers, body: text, secret, now = new Date() } = body;
  const endpointId = readFilterId('endpoint', 'endpoint_id', body.endpoint_id);
  const stored = endpointId === undefined ? null : await secretsOf(tenant, endpointId, deps);
  const others = profiles.filter(({ name }) => name !== tenant.profile.name);
  const request = {
    headers,
    body: text,
    secrets: stored ?? [secret ?? ''],
    secretsFrom: stored ? ('endpoint' as const) : ('caller' as const),
    now: Math.floor(now.getTime() / MS_PER_SECOND),
  };
  return ok(diagnoseSignature(tenant.profile, others, request));
}
