import { liveness, readiness } from '@posthorn/http-api/health';
import { ledger } from '@posthorn/http-api/ledger';
import { z } from 'zod';
import { defineRoute, type Route } from '../define-route.ts';
import { getLedger } from '../ledger/get-ledger.ts';
import { getLivez } from './get-livez.ts';
import { getMetrics } from './get-metrics.ts';
import { getOpenapi } from './get-openapi.ts';
import { getReadyz } from './get-readyz.ts';

const open = { tag: 'Service', access: 'public', scope: null } as const;

/** The ledger, and what machines ask of a service. */
export const overviewRoutes: readonly Route[] = [
  defineRoute({
    tag: 'Ledger',
    access: 'tenant-or-all',
    scope: 'webhooks:read',
    method: 'get',
    path: '/v1/ledger',
    operationId: 'getLedger',
    summary: 'Compare what was accepted with what became of it',
    description: 'The calling tenant’s; with the operator’s key and no X-Tenant-Id, of all tenants.',
    answers: { 200: { description: 'The ledger.', schema: ledger } },
    handle: getLedger,
  }),
  defineRoute({
    ...open,
    method: 'get',
    path: '/livez',
    operationId: 'getLivez',
    summary: 'Whether the process answers',
    answers: { 200: { description: 'It does.', schema: liveness } },
    handle: getLivez,
  }),
  defineRoute({
    ...open,
    method: 'get',
    path: '/readyz',
    operationId: 'getReadyz',
    summary: 'Whether database and queue are reachable',
    answers: {
      200: { description: 'Both are.', schema: readiness },
      503: { description: 'One is not.', schema: readiness },
    },
    handle: getReadyz,
  }),
  defineRoute({
    ...open,
    method: 'get',
    path: '/metrics',
    operationId: 'getMetrics',
    summary: 'Figures for Prometheus',
    answers: { 200: { description: 'Prometheus text.', mediaType: 'text/plain' } },
    handle: getMetrics,
  }),
  defineRoute({
    ...open,
    method: 'get',
    path: '/openapi.json',
    operationId: 'getOpenapi',
    summary: 'This document',
    answers: { 200: { description: 'OpenAPI 3.1.', schema: z.record(z.string(), z.unknown()) } },
    handle: getOpenapi,
  }),
];
