import { auditPage, auditQuery } from '@posthorn/http-api/audit-log';
import { defineRoute, type Route } from '../define-route.ts';
import { getAuditLog } from './list-audit-log.ts';

/** Who changed what. */
export const auditRoutes: readonly Route[] = [
  defineRoute({
    tag: 'Audit log',
    access: 'tenant-or-all',
    scope: 'webhooks:read',
    method: 'get',
    path: '/v1/audit-log',
    operationId: 'listAuditLog',
    summary: 'List who changed what',
    description:
      'Every change but posted events, which are their own record. The calling tenant’s; with the operator’s key and no X-Tenant-Id, of all tenants and of the operator.',
    query: auditQuery,
    answers: { 200: { description: 'A page.', schema: auditPage } },
    handle: getAuditLog,
  }),
];
