import type { UpdateEndpoint } from '@posthorn/http-api/endpoint';
import { findEndpoint } from '@posthorn/store/tenant/find-endpoint';
import { type EndpointChanges, updateEndpoint } from '@posthorn/store/tenant/update-endpoint';
import type { Deps } from '../../deps.ts';
import { type Answer, ok } from '../../http/answer.ts';
import { notFound } from '../../http/app-error.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';
import { readPathId } from '../read-id.ts';
import { checkEndpoint } from './check-endpoint.ts';
import { sealHeaders } from './seal-headers.ts';
import { sealTlsChanges } from './seal-tls-changes.ts';
import { showEndpoint } from './show-endpoint.ts';

type PatchDeps = Pick<Deps, 'secretBox' | 'egressRules' | 'announceEndpoint'>;

function changesOf(id: string, body: UpdateEndpoint, { secretBox }: Pick<Deps, 'secretBox'>): EndpointChanges {
  const { events, description, headers, status } = body;
  const { warn_after_seconds: warnAfterSeconds, disable_after_seconds: disableAfterSeconds } =
    body.failure_policy ?? {};
  return {
    ...(events !== undefined && { events: [...new Set(events)] }),
    ...(description !== undefined && { description }),
    ...(headers !== undefined && { headersSealed: sealHeaders(headers, id, secretBox) }),
    ...(body.rate_limit !== undefined && { rateLimit: body.rate_limit }),
    ...(body.ordering_skip_after !== undefined && { orderingSkipAfter: body.ordering_skip_after }),
    ...(status !== undefined && { status }),
    ...(warnAfterSeconds !== undefined && { warnAfterSeconds }),
    ...(disableAfterSeconds !== undefined && { disableAfterSeconds }),
  };
}

/** `PATCH /v1/webhook-endpoints/{id}` */
export async function patchEndpoint(
  { tenant, params, body, act }: Call<TenantScope, undefined, UpdateEndpoint>,
  deps: PatchDeps,
): Promise<Answer> {
  const id = readPathId('endpoint', params.id);
  const current = await findEndpoint(tenant.database, id);
  if (!current) throw notFound();
  const { tls, ...checked } = await checkEndpoint(tenant, body, deps.egressRules, current);
  const sealed = sealTlsChanges(tls, id, deps.secretBox);
  const row = await updateEndpoint(
    tenant.database,
    { tenantId: tenant.id, id },
    { ...changesOf(id, body, deps), ...sealed, ...checked },
    act('endpoint', params.id),
  );
  if (!row) throw notFound();
  await deps.announceEndpoint(id);
  return ok(showEndpoint(row, tenant, deps.secretBox));
}
