import { apiKeyPage, createApiKeyBody, createdApiKey } from '@posthorn/http-api/api-key';
import { pagingQuery } from '@posthorn/http-api/paging';
import {
  createdTenant,
  createTenantBody,
  tenant,
  tenantDetail,
  tenantPage,
  updateTenantBody,
} from '@posthorn/http-api/tenant';
import { postApiKey } from '../api-keys/create-api-key.ts';
import { getApiKeys } from '../api-keys/list-api-keys.ts';
import { deleteApiKey } from '../api-keys/revoke-api-key.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { postTenant } from './create-tenant.ts';
import { getTenant } from './get-tenant.ts';
import { getTenants } from './list-tenants.ts';
import { patchTenant } from './update-tenant.ts';

const tenants = { tag: 'Tenants', access: 'operator', scope: 'apps:admin' } as const;

/** Tenants and their keys: the operator’s. */
export const tenantRoutes: readonly Route[] = [
  defineRoute({
    ...tenants,
    method: 'post',
    path: '/v1/tenants',
    operationId: 'createTenant',
    summary: 'Create a tenant and its first key',
    body: createTenantBody,
    answers: { 201: { description: 'Created; the key is shown this once.', schema: createdTenant } },
    handle: postTenant,
  }),
  defineRoute({
    ...tenants,
    method: 'get',
    path: '/v1/tenants',
    operationId: 'listTenants',
    summary: 'List tenants',
    query: pagingQuery,
    answers: { 200: { description: 'A page.', schema: tenantPage } },
    handle: getTenants,
  }),
  defineRoute({
    ...tenants,
    method: 'get',
    path: '/v1/tenants/{id}',
    operationId: 'getTenant',
    summary: 'Read a tenant',
    answers: { 200: { description: 'The tenant.', schema: tenantDetail } },
    handle: getTenant,
  }),
  defineRoute({
    ...tenants,
    method: 'patch',
    path: '/v1/tenants/{id}',
    operationId: 'updateTenant',
    summary: 'Change a tenant',
    description:
      'Another profile changes what new events send, never what was accepted. A quota holds from now on; what is beyond it stays.',
    refusals: ['conflict'],
    body: updateTenantBody,
    answers: { 200: { description: 'The tenant after the change.', schema: tenant } },
    handle: patchTenant,
  }),
  defineRoute({
    ...tenants,
    method: 'post',
    path: '/v1/tenants/{id}/api-keys',
    operationId: 'createApiKey',
    summary: 'Create a key',
    body: createApiKeyBody,
    answers: { 201: { description: 'Created; the key is shown this once.', schema: createdApiKey } },
    handle: postApiKey,
  }),
  defineRoute({
    ...tenants,
    method: 'get',
    path: '/v1/tenants/{id}/api-keys',
    operationId: 'listApiKeys',
    summary: 'List a tenant’s keys',
    query: pagingQuery,
    answers: { 200: { description: 'A page; revoked keys are not in it.', schema: apiKeyPage } },
    handle: getApiKeys,
  }),
  defineRoute({
    ...tenants,
    method: 'delete',
    path: '/v1/tenants/{id}/api-keys/{key}',
    operationId: 'revokeApiKey',
    summary: 'Revoke a key, at once',
    answers: { 204: { description: 'Revoked.' } },
    handle: deleteApiKey,
  }),
];
