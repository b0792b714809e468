import { postRecoveryBody, recovery, startedRecovery } from '@posthorn/http-api/recovery';
import { defineRoute, type Route } from '../define-route.ts';
import { deleteRecovery } from './delete-recovery.ts';
import { getRecovery } from './get-recovery.ts';
import { postRecovery } from './post-recovery.ts';

const recoveries = { tag: 'Recoveries', access: 'tenant' } as const;

/** Bulk replays of one endpoint. */
export const recoveryRoutes: readonly Route[] = [
  defineRoute({
    ...recoveries,
    scope: 'webhooks:write',
    method: 'post',
    path: '/v1/webhook-endpoints/{id}/recover',
    operationId: 'recoverEndpoint',
    summary: 'Replay what an endpoint missed',
    description:
      'Replays, in the order in which they were made, deliveries that failed, were cancelled or skipped; of each event the latest, so that what was replayed since is not sent once more. It goes on in the background, no faster than the endpoint takes it.',
    body: postRecoveryBody,
    answers: {
      200: { description: 'A dry run: counted, nothing replayed.', schema: startedRecovery },
      202: { description: 'Begun.', schema: startedRecovery },
    },
    refusals: ['conflict'],
    handle: postRecovery,
  }),
  defineRoute({
    ...recoveries,
    scope: 'webhooks:read',
    method: 'get',
    path: '/v1/recoveries/{id}',
    operationId: 'getRecovery',
    summary: 'Read how far a recovery is',
    answers: { 200: { description: 'The recovery.', schema: recovery } },
    handle: getRecovery,
  }),
  defineRoute({
    ...recoveries,
    scope: 'webhooks:write',
    method: 'delete',
    path: '/v1/recoveries/{id}',
    operationId: 'stopRecovery',
    summary: 'Stop a recovery',
    answers: { 204: { description: 'Stopped, or finished before; what it replayed goes on.' } },
    handle: deleteRecovery,
  }),
];
