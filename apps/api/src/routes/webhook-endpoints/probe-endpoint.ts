import type { probeEndpointBody } from '@posthorn/http-api/endpoint';
import { newId } from '@posthorn/runtime/new-id';
import { type EndpointRow, findEndpoint } from '@posthorn/store/tenant/find-endpoint';
import type { z } from 'zod';
import { type AcceptDeps, accept } from '../../events/accept.ts';
import { prepareProbe } from '../../events/prepare-request.ts';
import type { Answer } from '../../http/answer.ts';
import { conflict, notFound } from '../../http/app-error.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';
import { showEvent } from '../events/show-event.ts';
import { readPathId } from '../read-id.ts';
import { pickSample } from './pick-sample.ts';

/** Whoever disabled an endpoint by a request did not mean that an answer enables it. */
function refuseToEnable({ status, disabledBy }: EndpointRow): void {
  if (status === 'enabled' || disabledBy === 'failures') return;
  throw conflict('The endpoint was disabled on request; enable it with a PATCH of status, or probe it without that.');
}

/** `POST /v1/webhook-endpoints/{id}/probe`: one attempt, to a disabled endpoint too. */
export async function postProbe(
  { tenant, params, body, act }: Call<TenantScope, undefined, z.output<typeof probeEndpointBody>>,
  deps: AcceptDeps,
): Promise<Answer> {
  const id = readPathId('endpoint', params.id);
  const endpoint = await findEndpoint(tenant.database, id);
  if (!endpoint) throw notFound();
  const asked = await pickSample(tenant, endpoint.events, body.type);
  if (body.enable_on_success) refuseToEnable(endpoint);
  const request = prepareProbe(tenant, id, asked, newId(), body.enable_on_success ? 'enable' : 'check');
  const [result] = await accept([{ ...request, act: act('endpoint', params.id) }], deps);
  if (!result) throw new Error('An accepted event has no result');
  return { status: 202, body: showEvent(result.event) };
}
