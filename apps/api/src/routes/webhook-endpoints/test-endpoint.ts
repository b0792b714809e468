import type { testEndpointBody } from '@posthorn/http-api/endpoint';
import { newId } from '@posthorn/runtime/new-id';
import { findEndpoint } from '@posthorn/store/tenant/find-endpoint';
import { findEventTypes } from '@posthorn/store/tenant/find-event-types';
import type { z } from 'zod';
import { type AcceptDeps, accept } from '../../events/accept.ts';
import { catalogOf, findTypes, type KnownType } from '../../events/find-types.ts';
import { prepareTest } from '../../events/prepare-request.ts';
import type { Answer } from '../../http/answer.ts';
import { conflict, invalid, notFound } from '../../http/app-error.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';
import { showEvent } from '../events/show-event.ts';
import { readPathId } from '../read-id.ts';

type Sample = Pick<KnownType, 'name' | 'sample'>;

/** Sent where neither the profile nor the tenant has any type yet. */
const BUILT_IN: Sample = { name: 'webhook.test', sample: '{"message":"This is a test event."}' };

async function namedType(tenant: TenantScope, name: string): Promise<Sample> {
  const type = (await findTypes(tenant, [name])).get(name);
  if (!type) throw invalid({ path: 'type', message: 'is not an event type of this tenant' });
  return type;
}

/** The first type that the endpoint wants and the tenant still has, else the first of the catalog. */
async function defaultType(tenant: TenantScope, wanted: readonly string[]): Promise<Sample> {
  const known = await findTypes(tenant, wanted);
  const subscribed = wanted.map((name) => known.get(name)).find((type) => type !== undefined);
  const [first] = catalogOf(tenant.profile).values();
  if (subscribed ?? first) return (subscribed ?? first) as Sample;
  const [own] = await findEventTypes(tenant.database);
  return own ?? BUILT_IN;
}

/** `POST /v1/webhook-endpoints/{id}/test`: an event like others, for this endpoint alone. */
export async function postTest(
  { tenant, params, body, act }: Call<TenantScope, undefined, z.output<typeof testEndpointBody>>,
  deps: AcceptDeps,
): Promise<Answer> {
  const id = readPathId('endpoint', params.id);
  const endpoint = await findEndpoint(tenant.database, id);
  if (!endpoint) throw notFound();
  const type = await (body.type === undefined ? defaultType(tenant, endpoint.events) : namedType(tenant, body.type));
  if (endpoint.status !== 'enabled') throw conflict('The endpoint is disabled; enable it to test it.');
  const asked = { type: type.name, jobId: null, dataText: type.sample ?? '{}', aggregateVersion: null };
  const request = prepareTest(tenant, id, asked, newId());
  const [result] = await accept([{ ...request, act: act('endpoint', params.id) }], deps);
  if (!result) throw new Error('An accepted event has no result');
  return { status: 202, body: showEvent(result.event) };
}
