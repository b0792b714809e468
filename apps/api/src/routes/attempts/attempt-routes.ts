import { listAllAttemptsQuery, listedAttemptPage } from '@posthorn/http-api/attempt';
import { defineRoute, type Route } from '../define-route.ts';
import { getAllAttempts } from './list-all-attempts.ts';

/** Attempts, whatever delivery they are of. */
export const attemptRoutes: readonly Route[] = [
  defineRoute({
    tag: 'Attempts',
    access: 'tenant',
    scope: 'webhooks:read',
    method: 'get',
    path: '/v1/webhook-attempts',
    operationId: 'listAllAttempts',
    summary: 'List attempts across deliveries',
    description:
      'Of ended attempts, the latest to begin first. For a page at most 100,000 are looked at: where few match the filters it may hold fewer than `limit`, or none, and still have a `next_cursor`. Go on until that is null, or set `started_after`.',
    query: listAllAttemptsQuery,
    answers: { 200: { description: 'A page.', schema: listedAttemptPage } },
    handle: getAllAttempts,
  }),
];
