import type { rotateSecretBody } from '@posthorn/http-api/endpoint';
import { type EndpointKeys, type NewKey, rotateSecret } from '@posthorn/store/operator/rotate-secret';
import { sealedFor } from '@posthorn/store/sealed-columns';
import type { z } from 'zod';
import type { Deps } from '../../deps.ts';
import { type Answer, noStore } from '../../http/answer.ts';
import { conflict, notFound } from '../../http/app-error.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';
import { readPathId } from '../read-id.ts';
import { makeSecret, type NewSecret, shownSecret } from './make-secret.ts';
import { livePublicKeys, newestAlgorithm } from './show-endpoint.ts';

/** `POST /v1/webhook-endpoints/{id}/rotate-secret`: without a wish, the new secret signs as the old one did. */
export async function postRotation(
  { tenant, params, body, act }: Call<TenantScope, undefined, z.output<typeof rotateSecretBody>>,
  { database, secretBox, announceEndpoint }: Pick<Deps, 'database' | 'secretBox' | 'announceEndpoint'>,
): Promise<Answer> {
  const id = readPathId('endpoint', params.id);
  let made: NewSecret | undefined;
  const make = (current: EndpointKeys): NewKey => {
    made = makeSecret(tenant.profile, body, newestAlgorithm(current));
    return { sealed: secretBox.seal(made.secret, sealedFor(id, 'secret')), publicKey: made.publicKey };
  };
  const keys = await rotateSecret(
    database,
    { tenantId: tenant.id, id },
    { make, overlapMs: body.overlap_seconds * 1_000 },
    { profile: tenant.profile.name, profileId: tenant.profileId },
    act('endpoint', params.id),
  );
  if (keys === 'not_found') throw notFound();
  if (keys === 'other_profile') throw conflict('The tenant was given another profile meanwhile; try again.');
  await announceEndpoint(id);
  const shown = { signing_secret: made ? shownSecret(made) : null, public_keys: livePublicKeys(keys, keys.now) };
  return { status: 200, body: shown, headers: noStore };
}
