import { eventTypePage, putEventTypeBody, replacedEventType } from '@posthorn/http-api/event-type';
import { pagingQuery } from '@posthorn/http-api/paging';
import { defineRoute, type Route } from '../define-route.ts';
import { deleteEventType } from './delete-event-type.ts';
import { getEventTypes } from './list-event-types.ts';
import { putEventTypeRoute } from './put-event-type.ts';

const readsTypes = { tag: 'Event types', access: 'tenant', scope: 'webhooks:read' } as const;
const writesTypes = { tag: 'Event types', access: 'tenant', scope: 'webhooks:write', refusals: ['conflict'] } as const;

/** The catalog: the profile’s types and the tenant’s own. */
export const eventTypeRoutes: readonly Route[] = [
  defineRoute({
    ...readsTypes,
    method: 'get',
    path: '/v1/event-types',
    operationId: 'listEventTypes',
    summary: 'List event types',
    description: 'The profile’s catalog in its own order, then the tenant’s own types by name.',
    query: pagingQuery,
    answers: { 200: { description: 'A page.', schema: eventTypePage } },
    handle: getEventTypes,
  }),
  defineRoute({
    ...writesTypes,
    method: 'put',
    path: '/v1/event-types/{name}',
    operationId: 'putEventType',
    summary: 'Add or replace a type of your own',
    description: 'Says what the schema breaks; with `if_compatible` it breaks nothing, or is refused.',
    body: putEventTypeBody,
    answers: { 200: { description: 'The type, and what the change breaks.', schema: replacedEventType } },
    handle: putEventTypeRoute,
  }),
  defineRoute({
    ...writesTypes,
    method: 'delete',
    path: '/v1/event-types/{name}',
    operationId: 'deleteEventType',
    summary: 'Delete a type of your own',
    answers: { 204: { description: 'Deleted; its events stay.' } },
    handle: deleteEventType,
  }),
];
