import {
  acceptedBatch,
  event,
  eventDetail,
  eventPage,
  listEventsQuery,
  postEventBatchBody,
  postEventBody,
} from '@posthorn/http-api/event';
import { defineRoute, type Route } from '../define-route.ts';
import { getEvent } from './get-event.ts';
import { getEvents } from './list-events.ts';
import { postEvent } from './post-event.ts';
import { postEventBatch } from './post-event-batch.ts';

const BATCH_LIMIT_BYTES = 4_194_304;

const writesEvents = {
  tag: 'Events',
  access: 'tenant',
  scope: 'events:write',
  confirmsKey: true,
  postsEvents: true,
  idempotent: true,
  refusals: ['conflict', 'QuotaExceeded'],
} as const;
const readsEvents = { tag: 'Events', access: 'tenant', scope: 'webhooks:read' } as const;

/** Events in, and what was accepted. */
export const eventRoutes: readonly Route[] = [
  defineRoute({
    ...writesEvents,
    method: 'post',
    path: '/v1/events',
    operationId: 'postEvent',
    summary: 'Post an event',
    description:
      'Answered once the event and one delivery per matching endpoint are on disk. A repeated request gives the first answer, with the header `Idempotent-Replayed: true`.',
    body: postEventBody,
    answers: { 202: { description: 'Accepted.', schema: event } },
    handle: postEvent,
  }),
  defineRoute({
    ...writesEvents,
    method: 'post',
    path: '/v1/events/batch',
    operationId: 'postEventBatch',
    summary: 'Post up to 1000 events, all or none',
    description:
      'Each event may carry its own `id` as idempotency key, or the header Idempotency-Key keys the whole batch. Events that would make more than 50,000 deliveries are refused with 413: send fewer at once.',
    body: postEventBatchBody,
    bodyLimitBytes: BATCH_LIMIT_BYTES,
    answers: { 202: { description: 'All were accepted, in the order of the request.', schema: acceptedBatch } },
    handle: postEventBatch,
  }),
  defineRoute({
    ...readsEvents,
    method: 'get',
    path: '/v1/events',
    operationId: 'listEvents',
    summary: 'List events',
    query: listEventsQuery,
    answers: { 200: { description: 'A page.', schema: eventPage } },
    handle: getEvents,
  }),
  defineRoute({
    ...readsEvents,
    method: 'get',
    path: '/v1/events/{id}',
    operationId: 'getEvent',
    summary: 'Read an event',
    answers: { 200: { description: 'The event, with the text it sends.', schema: eventDetail } },
    handle: getEvent,
  }),
];
