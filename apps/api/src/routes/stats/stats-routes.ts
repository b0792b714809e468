import { stats, statsQuery } from '@posthorn/http-api/stats';
import { defineRoute, type Route } from '../define-route.ts';
import { getStats } from './get-stats.ts';

/** How a tenant's deliveries fare. */
export const statsRoutes: readonly Route[] = [
  defineRoute({
    tag: 'Statistics',
    access: 'tenant',
    scope: 'webhooks:read',
    method: 'get',
    path: '/v1/stats',
    operationId: 'getStats',
    summary: 'Read how attempts have ended of late',
    description: 'In buckets of time, and by endpoint. The figures may be 10 s old.',
    query: statsQuery,
    answers: { 200: { description: 'The statistics.', schema: stats } },
    handle: getStats,
  }),
];
