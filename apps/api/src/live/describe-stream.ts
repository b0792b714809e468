import { liveQuery } from '@posthorn/http-api/live';
import type { RouteDescription } from '../routes/define-route.ts';

/** The live stream as the OpenAPI document has it. It is no row of the route table: its answer has no end. */
export const streamDescription: RouteDescription = {
  method: 'get',
  path: '/v1/stream',
  operationId: 'streamDeliveries',
  tag: 'Deliveries',
  summary: 'Watch deliveries as they come and change',
  description:
    'Server-sent events: `ready`, then a `delivery` for each that is new or has changed, and `gap` where there were more.',
  access: 'tenant',
  scope: 'webhooks:read',
  query: liveQuery,
  answers: { 200: { description: 'The stream; it ends with the key.', mediaType: 'text/event-stream' } },
};
