import type { testEndpointBody } from '@posthorn/http-api/endpoint';
import { newId } from '@posthorn/runtime/new-id';
import { findEndpoint } from '@posthorn/store/tenant/find-endpoint';
import type { z } from 'zod';
import { type AcceptDeps, accept } from '../../events/accept.ts';
import { prepareTest } from '../../events/prepare-request.ts';
import type { Answer } from '../../http/answer.ts';
import { conflict, notFound } from '../../http/app-error.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';
import { showEvent } from '../events/show-event.ts';
import { readPathId } from '../read-id.ts';
import { pickSample } from './pick-sample.ts';

/** `POST /v1/webhook-endpoints/{id}/test`: an event like others, for this endpoint alone. */
export async function postTest(
  { tenant, params, body, act }: Call<TenantScope, undefined, z.output<typeof testEndpointBody>>,
  deps: AcceptDeps,
): Promise<Answer> {
  const id = readPathId('endpoint', params.id);
  const endpoint = await findEndpoint(tenant.database, id);
  if (!endpoint) throw notFound();
  const asked = await pickSample(tenant, endpoint.events, body.type);
  if (endpoint.status !== 'enabled') throw conflict('The endpoint is disabled; enable it to test it, or probe it.');
  const request = prepareTest(tenant, id, asked, newId());
  const [result] = await accept([{ ...request, act: act('endpoint', params.id) }], deps);
  if (!result) throw new Error('An accepted event has no result');
  return { status: 202, body: showEvent(result.event) };
}
