import { newId } from '@posthorn/runtime/new-id';
import type { EventRequest } from '@posthorn/store/engine/event-request';
import { type EndpointRow, findEndpoint } from '@posthorn/store/tenant/find-endpoint';
import { type AcceptDeps, accept } from '../../events/accept.ts';
import type { AskedEvent } from '../../events/prepare-request.ts';
import type { Answer } from '../../http/answer.ts';
import { notFound } from '../../http/app-error.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';
import { showEvent } from '../events/show-event.ts';
import { readPathId } from '../read-id.ts';
import { pickSample } from './pick-sample.ts';

/** One way to send a sample: to which endpoints, and as what. */
export interface SampleWay {
  /** @throws AppError where the endpoint's state does not allow it */
  readonly check: (endpoint: EndpointRow) => void;
  readonly prepare: (endpointId: string, asked: AskedEvent, callId: string) => EventRequest;
}

/** Sends an endpoint alone a sample event that somebody asked for. */
export async function sendSample(
  { tenant, params, body, act, note }: Call<TenantScope, undefined, { readonly type?: string | undefined }>,
  { check, prepare }: SampleWay,
  deps: AcceptDeps,
): Promise<Answer> {
  const id = readPathId('endpoint', params.id);
  const endpoint = await findEndpoint(tenant.database, id);
  if (!endpoint) throw notFound();
  const asked = await pickSample(tenant, endpoint.events, body.type);
  check(endpoint);
  const request = { ...prepare(id, asked, newId()), act: act('endpoint', params.id) };
  const [result] = await accept([request], deps, note);
  if (!result) throw new Error('An accepted event has no result');
  return { status: 202, body: showEvent(result.event) };
}
