import { queryOptions } from '@tanstack/react-query';
import { readAllPages } from './read-all-pages.ts';

export interface TenantRow {
  readonly id: string;
  readonly name: string;
  readonly profile: string;
}

/** Tenants, newest first; for the operator. */
export const tenantsQuery = queryOptions({
  queryKey: ['tenants'],
  queryFn: () => readAllPages<TenantRow>('/v1/tenants'),
});
