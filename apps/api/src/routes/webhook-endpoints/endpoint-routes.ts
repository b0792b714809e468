import {
  createdEndpoint,
  createEndpointBody,
  endpoint,
  endpointPage,
  probeEndpointBody,
  rotatedSecret,
  rotateSecretBody,
  testEndpointBody,
  updateEndpointBody,
} from '@posthorn/http-api/endpoint';
import { event } from '@posthorn/http-api/event';
import { pagingQuery } from '@posthorn/http-api/paging';
import { defineRoute, type Route } from '../define-route.ts';
import { postEndpoint } from './create-endpoint.ts';
import { deleteEndpoint } from './delete-endpoint.ts';
import { getEndpoint } from './get-endpoint.ts';
import { getEndpoints } from './list-endpoints.ts';
import { postProbe } from './probe-endpoint.ts';
import { postRotation } from './rotate-secret.ts';
import { postTest } from './test-endpoint.ts';
import { patchEndpoint } from './update-endpoint.ts';

/** The resource under one of its two names. */
function resource(path: string, suffix: string, tag: string): readonly Route[] {
  const reads = { tag, access: 'tenant', scope: 'webhooks:read' } as const;
  const writes = { tag, access: 'tenant', scope: 'webhooks:write' } as const;
  const one = `${path}/{id}`;
  return [
    defineRoute({
      ...writes,
      method: 'post',
      path,
      operationId: `create${suffix}`,
      summary: 'Register an endpoint',
      body: createEndpointBody,
      answers: { 201: { description: 'Created; the signing secret is shown this once.', schema: createdEndpoint } },
      refusals: ['conflict', 'QuotaExceeded'],
      handle: postEndpoint,
    }),
    defineRoute({
      ...reads,
      method: 'get',
      path,
      operationId: `list${suffix}s`,
      summary: 'List endpoints',
      query: pagingQuery,
      answers: { 200: { description: 'A page.', schema: endpointPage } },
      handle: getEndpoints,
    }),
    defineRoute({
      ...reads,
      method: 'get',
      path: one,
      operationId: `get${suffix}`,
      summary: 'Read an endpoint',
      answers: { 200: { description: 'The endpoint.', schema: endpoint } },
      handle: getEndpoint,
    }),
    defineRoute({
      ...writes,
      method: 'patch',
      path: one,
      operationId: `update${suffix}`,
      summary: 'Change, disable or enable an endpoint',
      description: 'Disabling cancels its open deliveries. `headers` replaces all of them.',
      body: updateEndpointBody,
      answers: { 200: { description: 'The endpoint after the change.', schema: endpoint } },
      handle: patchEndpoint,
    }),
    defineRoute({
      ...writes,
      method: 'delete',
      path: one,
      operationId: `delete${suffix}`,
      summary: 'Delete an endpoint and cancel its open deliveries',
      answers: { 204: { description: 'Deleted; its deliveries stay on record.' } },
      handle: deleteEndpoint,
    }),
  ];
}

/** Endpoints, and the same under the name that some clients use. */
export const endpointRoutes: readonly Route[] = [
  ...resource('/v1/webhook-endpoints', 'Endpoint', 'Endpoints'),
  defineRoute({
    tag: 'Endpoints',
    access: 'tenant',
    scope: 'webhooks:write',
    method: 'post',
    path: '/v1/webhook-endpoints/{id}/rotate-secret',
    operationId: 'rotateSecret',
    summary: 'Give an endpoint a new signing secret',
    bodyOptional: true,
    refusals: ['conflict'],
    body: rotateSecretBody,
    answers: {
      200: { description: 'The new secret, shown this once; of a key pair, the public keys.', schema: rotatedSecret },
    },
    handle: postRotation,
  }),
  defineRoute({
    tag: 'Endpoints',
    access: 'tenant',
    scope: 'webhooks:write',
    method: 'post',
    path: '/v1/webhook-endpoints/{id}/test',
    operationId: 'testEndpoint',
    summary: 'Send a sample event to this endpoint alone',
    bodyOptional: true,
    refusals: ['conflict', 'QuotaExceeded'],
    description: 'Without `type`: the first type that the endpoint subscribes to, else the first of the catalog.',
    body: testEndpointBody,
    answers: { 202: { description: 'Accepted.', schema: event } },
    handle: postTest,
  }),
  defineRoute({
    tag: 'Endpoints',
    access: 'tenant',
    scope: 'webhooks:write',
    method: 'post',
    path: '/v1/webhook-endpoints/{id}/probe',
    operationId: 'probeEndpoint',
    summary: 'Send a sample event once, even while the endpoint is disabled',
    bodyOptional: true,
    refusals: ['conflict', 'QuotaExceeded'],
    description:
      'One signed attempt, without retries. With `enable_on_success` an endpoint that failures disabled is enabled when it answers 2xx; otherwise it stays as it is, and the delivery says why.',
    body: probeEndpointBody,
    answers: { 202: { description: 'Accepted.', schema: event } },
    handle: postProbe,
  }),
  ...resource('/v1/webhooks', 'Webhook', 'Endpoints (second name)'),
];
