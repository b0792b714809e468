import { encodeTypeId } from '@posthorn/domain/type-id';
import { uuidMoment } from '@posthorn/domain/uuid-time';
import type { createEndpointBody } from '@posthorn/http-api/endpoint';
import { newId } from '@posthorn/runtime/new-id';
import { createEndpoint } from '@posthorn/store/operator/create-endpoint';
import { sealedFor } from '@posthorn/store/sealed-columns';
import type { z } from 'zod';
import type { Deps } from '../../deps.ts';
import { type Answer, created, noStore } from '../../http/answer.ts';
import { conflict } from '../../http/app-error.ts';
import { quotaExceeded } from '../../http/quota-exceeded.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';
import { checkEndpoint } from './check-endpoint.ts';
import { makeSecret, shownSecret } from './make-secret.ts';
import { sealHeaders } from './seal-headers.ts';
import { sealTlsChanges } from './seal-tls-changes.ts';
import { showEndpoint } from './show-endpoint.ts';

const NO_IDENTITY = {
  caCertificate: null,
  caSummary: null,
  clientCertificate: null,
  clientSummary: null,
  clientKeySealed: null,
};

/** `POST /v1/webhook-endpoints`: the one answer, besides a rotation's, that holds the signing secret. */
export async function postEndpoint(
  { tenant, body, act }: Call<TenantScope, undefined, z.output<typeof createEndpointBody>>,
  { database, secretBox, egressRules, upgradeUrl }: Pick<Deps, 'database' | 'secretBox' | 'egressRules' | 'upgradeUrl'>,
): Promise<Answer> {
  const { url = body.url, tls } = await checkEndpoint(tenant, body, egressRules, NO_IDENTITY);
  const id = newId();
  const made = makeSecret(tenant.profile, body, 'hmac-sha256');
  const endpoint = {
    id,
    tenantId: tenant.id,
    url,
    description: body.description ?? '',
    events: [...new Set(body.events)],
    headersSealed: sealHeaders(body.headers ?? {}, id, secretBox),
    rateLimit: body.rate_limit ?? null,
    orderingSkipAfter: body.ordering_skip_after ?? null,
    warnAfterSeconds: body.failure_policy?.warn_after_seconds ?? null,
    disableAfterSeconds: body.failure_policy?.disable_after_seconds ?? null,
    secretSealed: secretBox.seal(made.secret, sealedFor(id, 'secret')),
    publicKey: made.publicKey,
    ...NO_IDENTITY,
    ...sealTlsChanges(tls, id, secretBox),
    createdAt: uuidMoment(id),
  };
  const expected = { profile: tenant.profile.name, profileId: tenant.profileId };
  const row = await createEndpoint(database, endpoint, expected, act('endpoint', encodeTypeId('endpoint', id)));
  if (row === 'over_quota') {
    throw quotaExceeded('This tenant has as many endpoints as it may have; delete one, or ask for more.', upgradeUrl);
  }
  if (row === 'other_profile') throw conflict('The tenant was given another profile meanwhile; try again.');
  return {
    ...created({ ...showEndpoint(row, tenant, secretBox), signing_secret: shownSecret(made) }),
    headers: noStore,
  };
}
