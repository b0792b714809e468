import { attemptPage } from '@posthorn/http-api/attempt';
import { delivery, deliveryDetail, deliveryPage, listDeliveriesQuery } from '@posthorn/http-api/delivery';
import { pagingQuery } from '@posthorn/http-api/paging';
import { defineRoute, type Route } from '../define-route.ts';
import { postCancel } from './cancel-delivery.ts';
import { getDelivery } from './get-delivery.ts';
import { getAttempts } from './list-attempts.ts';
import { getDeliveries } from './list-deliveries.ts';
import { postReplay } from './replay-delivery.ts';

const readsDeliveries = { tag: 'Deliveries', access: 'tenant', scope: 'webhooks:read' } as const;
const writesDeliveries = {
  tag: 'Deliveries',
  access: 'tenant',
  scope: 'webhooks:write',
  refusals: ['conflict'],
} as const;

/** Deliveries, their attempts, and what can be done with them. */
export const deliveryRoutes: readonly Route[] = [
  defineRoute({
    ...readsDeliveries,
    method: 'get',
    path: '/v1/webhook-deliveries',
    operationId: 'listDeliveries',
    summary: 'List deliveries',
    query: listDeliveriesQuery,
    answers: { 200: { description: 'A page.', schema: deliveryPage } },
    handle: getDeliveries,
  }),
  defineRoute({
    ...readsDeliveries,
    method: 'get',
    path: '/v1/webhook-deliveries/{id}',
    operationId: 'getDelivery',
    summary: 'Read a delivery',
    answers: { 200: { description: 'The delivery, its payload and its attempts.', schema: deliveryDetail } },
    handle: getDelivery,
  }),
  defineRoute({
    ...readsDeliveries,
    method: 'get',
    path: '/v1/webhook-deliveries/{id}/attempts',
    operationId: 'listAttempts',
    summary: 'List a delivery’s attempts',
    query: pagingQuery,
    answers: { 200: { description: 'A page.', schema: attemptPage } },
    handle: getAttempts,
  }),
  defineRoute({
    ...writesDeliveries,
    method: 'post',
    path: '/v1/webhook-deliveries/{id}/replay',
    operationId: 'replayDelivery',
    summary: 'Send a delivery again',
    description: 'Makes a new delivery with the same payload bytes, a fresh signature and its own attempts.',
    answers: { 202: { description: 'The new delivery.', schema: delivery } },
    handle: postReplay,
  }),
  defineRoute({
    ...writesDeliveries,
    method: 'post',
    path: '/v1/webhook-deliveries/{id}/cancel',
    operationId: 'cancelDelivery',
    summary: 'Stop a delivery that is not final',
    answers: { 200: { description: 'The cancelled delivery.', schema: delivery } },
    handle: postCancel,
  }),
];
