import { apiKeyPage, createApiKeyBody, createdApiKey } from '@posthorn/http-api/api-key';
import { attemptPage } from '@posthorn/http-api/attempt';
import { delivery, deliveryDetail, deliveryPage, listDeliveriesQuery } from '@posthorn/http-api/delivery';
import { acceptedBatch, event, eventDetail, eventPage, listEventsQuery, postEventBatchBody, postEventBody } from '@posthorn/http-api/event';
import { eventType, eventTypePage, putEventTypeBody } from '@posthorn/http-api/event-type';
import { liveness, readiness } from '@posthorn/http-api/health';
import { ledger } from '@posthorn/http-api/ledger';
import { pagingQuery } from '@posthorn/http-api/paging';
import { profileList } from '@posthorn/http-api/profile';
import { createTenantBody, createdTenant, tenant, tenantPage, updateTenantBody } from '@posthorn/http-api/tenant';
import { z } from 'zod';
import { postApiKey } from './api-keys/create-api-key.ts';
import { getApiKeys } from './api-keys/list-api-keys.ts';
import { deleteApiKey } from './api-keys/revoke-api-key.ts';
import { defineRoute, type Route } from './define-route.ts';
import { deleteEventType } from './event-types/delete-event-type.ts';
import { getEventTypes } from './event-types/list-event-types.ts';
import { putEventTypeRoute } from './event-types/put-event-type.ts';
import { getEvent } from './events/get-event.ts';
import { getEvents } from './events/list-events.ts';
import { postEvent } from './events/post-event.ts';
import { postEventBatch } from './events/post-event-batch.ts';
import { getLivez } from './health/get-livez.ts';
import { getMetrics } from './health/get-metrics.ts';
import { getOpenapi } from './health/get-openapi.ts';
import { getReadyz } from './health/get-readyz.ts';
import { getLedger } from './ledger/get-ledger.ts';
import { getProfiles } from './profiles/list-profiles.ts';
import { postTenant } from './tenants/create-tenant.ts';
import { getTenant } from './tenants/get-tenant.ts';
import { getTenants } from './tenants/list-tenants.ts';
import { patchTenant } from './tenants/update-tenant.ts';
import { postCancel } from './webhook-deliveries/cancel-delivery.ts';
import { getDelivery } from './webhook-deliveries/get-delivery.ts';
import { getAttempts } from './webhook-deliveries/list-attempts.ts';
import { getDeliveries } from './webhook-deliveries/list-deliveries.ts';
import { postReplay } from './webhook-deliveries/replay-delivery.ts';
import { endpointRoutes } from './webhook-endpoints/endpoint-routes.ts';

const BATCH_LIMIT_BYTES = 4_194_304;

const tenants = { tag: 'Tenants', access: 'operator', scope: 'apps:admin' } as const;
const writesEvents = { tag: 'Events', access: 'tenant', scope: 'events:write', idempotent: true, refusals: ['conflict'] } as const;
const readsEvents = { tag: 'Events', access: 'tenant', scope: 'webhooks:read' } as const;
const readsTypes = { tag: 'Event types', access: 'tenant', scope: 'webhooks:read' } as const;
const writesTypes = { tag: 'Event types', access: 'tenant', scope: 'webhooks:write', refusals: ['conflict'] } as const;
const readsDeliveries = { tag: 'Deliveries', access: 'tenant', scope: 'webhooks:read' } as const;
const writesDeliveries = { tag: 'Deliveries', access: 'tenant', scope: 'webhooks:write', refusals: ['conflict'] } as const;
const open = { tag: 'Service', access: 'public', scope: null } as const;

/**
 * Every route of the API. Registration, scope checks, the OpenAPI document and the tests are made from it; it is one
 * long list on purpose, so that what may be called by whom is seen at a glance.
 */
export const routeTable: readonly Route[] = [
  defineRoute({
    ...tenants, method: 'post', path: '/v1/tenants', operationId: 'createTenant', summary: 'Create a tenant and its first key',
    body: createTenantBody, answers: { 201: { description: 'Created; the key is shown this once.', schema: createdTenant } }, handle: postTenant,
  }),
  defineRoute({
    ...tenants, method: 'get', path: '/v1/tenants', operationId: 'listTenants', summary: 'List tenants',
    query: pagingQuery, answers: { 200: { description: 'A page.', schema: tenantPage } }, handle: getTenants,
  }),
  defineRoute({
    ...tenants, method: 'get', path: '/v1/tenants/{id}', operationId: 'getTenant', summary: 'Read a tenant',
    answers: { 200: { description: 'The tenant.', schema: tenant } }, handle: getTenant,
  }),
  defineRoute({
    ...tenants, method: 'patch', path: '/v1/tenants/{id}', operationId: 'updateTenant', summary: 'Change a tenant',
    body: updateTenantBody, answers: { 200: { description: 'The tenant after the change.', schema: tenant } }, handle: patchTenant,
  }),
  defineRoute({
    ...tenants, method: 'post', path: '/v1/tenants/{id}/api-keys', operationId: 'createApiKey', summary: 'Create a key',
    body: createApiKeyBody, answers: { 201: { description: 'Created; the key is shown this once.', schema: createdApiKey } }, handle: postApiKey,
  }),
  defineRoute({
    ...tenants, method: 'get', path: '/v1/tenants/{id}/api-keys', operationId: 'listApiKeys', summary: 'List a tenant’s keys',
    query: pagingQuery, answers: { 200: { description: 'A page; revoked keys are not in it.', schema: apiKeyPage } }, handle: getApiKeys,
  }),
  defineRoute({
    ...tenants, method: 'delete', path: '/v1/tenants/{id}/api-keys/{key}', operationId: 'revokeApiKey', summary: 'Revoke a key, at once',
    answers: { 204: { description: 'Revoked.' } }, handle: deleteApiKey,
  }),
  ...endpointRoutes,
  defineRoute({
    ...writesEvents, method: 'post', path: '/v1/events', operationId: 'postEvent', summary: 'Post an event',
    description:
      'Answered once the event and one delivery per matching endpoint are on disk. A repeated request gives the first answer, with the header `Idempotent-Replayed: true`.',
    body: postEventBody, answers: { 202: { description: 'Accepted.', schema: event } }, handle: postEvent,
  }),
  defineRoute({
    ...writesEvents, method: 'post', path: '/v1/events/batch', operationId: 'postEventBatch', summary: 'Post up to 1000 events, all or none',
    description: 'Each event may carry its own `id` as idempotency key, or the header Idempotency-Key keys the whole batch.',
    body: postEventBatchBody, bodyLimitBytes: BATCH_LIMIT_BYTES,
    answers: { 202: { description: 'All were accepted, in the order of the request.', schema: acceptedBatch } }, handle: postEventBatch,
  }),
  defineRoute({
    ...readsEvents, method: 'get', path: '/v1/events', operationId: 'listEvents', summary: 'List events',
    query: listEventsQuery, answers: { 200: { description: 'A page.', schema: eventPage } }, handle: getEvents,
  }),
  defineRoute({
    ...readsEvents, method: 'get', path: '/v1/events/{id}', operationId: 'getEvent', summary: 'Read an event',
    answers: { 200: { description: 'The event, with the text it sends.', schema: eventDetail } }, handle: getEvent,
  }),
  defineRoute({
    ...readsTypes, method: 'get', path: '/v1/event-types', operationId: 'listEventTypes', summary: 'List event types',
    description: 'The profile’s catalog in its own order, then the tenant’s own types by name.',
    query: pagingQuery, answers: { 200: { description: 'A page.', schema: eventTypePage } }, handle: getEventTypes,
  }),
  defineRoute({
    ...writesTypes, method: 'put', path: '/v1/event-types/{name}', operationId: 'putEventType', summary: 'Add or replace a type of your own',
    body: putEventTypeBody, answers: { 200: { description: 'The type.', schema: eventType } }, handle: putEventTypeRoute,
  }),
  defineRoute({
    ...writesTypes, method: 'delete', path: '/v1/event-types/{name}', operationId: 'deleteEventType', summary: 'Delete a type of your own',
    answers: { 204: { description: 'Deleted; its events stay.' } }, handle: deleteEventType,
  }),
  defineRoute({
    ...readsDeliveries, method: 'get', path: '/v1/webhook-deliveries', operationId: 'listDeliveries', summary: 'List deliveries',
    query: listDeliveriesQuery, answers: { 200: { description: 'A page.', schema: deliveryPage } }, handle: getDeliveries,
  }),
  defineRoute({
    ...readsDeliveries, method: 'get', path: '/v1/webhook-deliveries/{id}', operationId: 'getDelivery', summary: 'Read a delivery',
    answers: { 200: { description: 'The delivery, its payload and its attempts.', schema: deliveryDetail } }, handle: getDelivery,
  }),
  defineRoute({
    ...readsDeliveries, method: 'get', path: '/v1/webhook-deliveries/{id}/attempts', operationId: 'listAttempts', summary: 'List a delivery’s attempts',
    query: pagingQuery, answers: { 200: { description: 'A page.', schema: attemptPage } }, handle: getAttempts,
  }),
  defineRoute({
    ...writesDeliveries, method: 'post', path: '/v1/webhook-deliveries/{id}/replay', operationId: 'replayDelivery', summary: 'Send a delivery again',
    description: 'Makes a new delivery with the same payload bytes, a fresh signature and its own attempts.',
    answers: { 202: { description: 'The new delivery.', schema: delivery } }, handle: postReplay,
  }),
  defineRoute({
    ...writesDeliveries, method: 'post', path: '/v1/webhook-deliveries/{id}/cancel', operationId: 'cancelDelivery', summary: 'Stop a delivery that is not final',
    answers: { 200: { description: 'The cancelled delivery.', schema: delivery } }, handle: postCancel,
  }),
  defineRoute({
    tag: 'Ledger', access: 'tenant-or-all', scope: 'webhooks:read', method: 'get', path: '/v1/ledger', operationId: 'getLedger',
    summary: 'Compare what was accepted with what became of it',
    description: 'The calling tenant’s; with the operator’s key and no X-Tenant-Id, of all tenants.',
    answers: { 200: { description: 'The ledger.', schema: ledger } }, handle: getLedger,
  }),
  defineRoute({
    tag: 'Profiles', access: 'any-key', scope: null, method: 'get', path: '/v1/profiles', operationId: 'listProfiles', summary: 'Read the delivery contracts',
    answers: { 200: { description: 'Every profile.', schema: profileList } }, handle: getProfiles,
  }),
  defineRoute({
    ...open, method: 'get', path: '/livez', operationId: 'getLivez', summary: 'Whether the process answers',
    answers: { 200: { description: 'It does.', schema: liveness } }, handle: getLivez,
  }),
  defineRoute({
    ...open, method: 'get', path: '/readyz', operationId: 'getReadyz', summary: 'Whether database and queue are reachable',
    answers: { 200: { description: 'Both are.', schema: readiness }, 503: { description: 'One is not.', schema: readiness } }, handle: getReadyz,
  }),
  defineRoute({
    ...open, method: 'get', path: '/metrics', operationId: 'getMetrics', summary: 'Figures for Prometheus',
    answers: { 200: { description: 'Prometheus text.', mediaType: 'text/plain' } }, handle: getMetrics,
  }),
  defineRoute({
    ...open, method: 'get', path: '/openapi.json', operationId: 'getOpenapi', summary: 'This document',
    answers: { 200: { description: 'OpenAPI 3.1.', schema: z.record(z.string(), z.unknown()) } }, handle: getOpenapi,
  }),
];
