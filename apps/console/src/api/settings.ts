import type { Scope } from '@posthorn/domain/scopes';
import type { ApiKey, CreatedApiKey } from '@posthorn/http-api/api-key';
import type { AuditEntry } from '@posthorn/http-api/audit-log';
import type { Tenant, TenantDetail } from '@posthorn/http-api/tenant';
import type { Usage } from '@posthorn/http-api/usage';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call, type Page, type QueryFields, read } from './client.ts';
import { readAllPages } from './read-all-pages.ts';

const AUDIT_ROWS = 50;

const tenantPath = (tenantId: string): string => `/v1/tenants/${encodeURIComponent(tenantId)}`;

/** A tenant with its quotas and its e-mail address; for the operator. */
export const tenantQuery = (tenantId: string) =>
  queryOptions({ queryKey: ['tenant', tenantId], queryFn: () => read<TenantDetail>(tenantPath(tenantId)) });

/** @param email `null`: nobody is mailed */
export const setTenantEmail = (tenantId: string, email: string | null) =>
  call<Tenant>('PATCH', tenantPath(tenantId), { email });

/** A tenant's keys, newest first; for the operator. */
export const apiKeysQuery = (tenantId: string) =>
  queryOptions({
    queryKey: ['api-keys', tenantId],
    queryFn: () => readAllPages<ApiKey>(`${tenantPath(tenantId)}/api-keys`),
  });

export interface NewApiKey {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** RFC 3339; `null`: never. */
  readonly expires_at: string | null;
}

/** The one answer that has the key itself: it is never kept in a cache. */
export const createApiKey = (tenantId: string, body: NewApiKey) =>
  call<CreatedApiKey>('POST', `${tenantPath(tenantId)}/api-keys`, body);

export const revokeApiKey = (tenantId: string, keyId: string) =>
  call<undefined>('DELETE', `${tenantPath(tenantId)}/api-keys/${encodeURIComponent(keyId)}`);

/** Who changed what, newest first, a page after the other. */
export const auditLogQuery = (filter: QueryFields) =>
  infiniteQueryOptions({
    queryKey: ['audit-log', filter],
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }: Page<AuditEntry>) => next_cursor,
    queryFn: ({ pageParam }) =>
      read<Page<AuditEntry>>('/v1/audit-log', { ...filter, limit: AUDIT_ROWS, cursor: pageParam }),
  });

const LATEST_OWN_ACTS = 5;

/** What Posthorn did by itself lately. */
export const ownActsQuery = queryOptions({
  queryKey: ['audit-log', 'own'],
  queryFn: () => read<Page<AuditEntry>>('/v1/audit-log', { actor: 'posthorn', limit: LATEST_OWN_ACTS }),
});

/** @param range RFC 3339, each end open when missing */
export const usageQuery = (range: { readonly since?: string; readonly until?: string }) =>
  queryOptions({
    queryKey: ['usage', range],
    queryFn: () => read<Usage>('/v1/usage', { ...range }),
    placeholderData: (before) => before,
  });
