import type { TenantDatabase } from './scope-to-tenant.ts';

/** A tenant's own types at the most; the whole list is read at once. */
export const MAX_OWN_TYPES = 500;

const columns = { name: true, description: true, schema: true, sample: true } as const;

/** One of a tenant's own types; `schema` and `sample` are JSON text as it was written. */
export interface EventTypeRow {
  readonly name: string;
  readonly description: string;
  readonly schema: string | null;
  readonly sample: string | null;
}

/** Every type that the tenant added, by name. */
export const findEventTypes = (database: TenantDatabase): Promise<EventTypeRow[]> =>
  database.eventType.findMany({ select: columns, orderBy: { name: 'asc' }, take: MAX_OWN_TYPES });

/** Those of the named types that the tenant added. */
export const findNamedEventTypes = (database: TenantDatabase, names: readonly string[]): Promise<EventTypeRow[]> =>
  database.eventType.findMany({ where: { name: { in: [...names] } }, select: columns });
