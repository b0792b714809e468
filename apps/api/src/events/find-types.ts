import { type EventTypeRow, findNamedEventTypes } from '@posthorn/store/tenant/find-event-types';
import type { EventType, Profile } from '@posthorn/wire/profile';
import type { TenantScope } from '../http/resolve-tenant.ts';

/** An event type that a tenant may post; `schema` and `sample` are JSON text as it was written. */
export interface KnownType extends EventTypeRow {
  readonly source: 'profile' | 'tenant';
}

const describe = ({ name, description, schema, sample }: EventType): KnownType => ({
  name,
  description,
  schema: JSON.stringify(schema),
  sample: JSON.stringify(sample),
  source: 'profile',
});

const catalogs = new WeakMap<Profile, ReadonlyMap<string, KnownType>>();

/** The profile's own types by name. */
export function catalogOf(profile: Profile): ReadonlyMap<string, KnownType> {
  const known = catalogs.get(profile);
  if (known) return known;
  const catalog = new Map(profile.eventTypes.map((type) => [type.name, describe(type)]));
  catalogs.set(profile, catalog);
  return catalog;
}

/** Those of the names that are types of the tenant. Only names that the profile lacks are looked up. */
export async function findTypes(
  tenant: TenantScope,
  names: readonly string[],
): Promise<ReadonlyMap<string, KnownType>> {
  const catalog = catalogOf(tenant.profile);
  const others = [...new Set(names.filter((name) => !catalog.has(name)))];
  if (others.length === 0) return catalog;
  const own = await findNamedEventTypes(tenant.database, others);
  return new Map([...catalog, ...own.map((type) => [type.name, { ...type, source: 'tenant' as const }] as const)]);
}

/** Those of the names that are no type of the tenant. */
export async function unknownTypes(tenant: TenantScope, names: readonly string[]): Promise<ReadonlySet<string>> {
  const known = await findTypes(tenant, names);
  return new Set(names.filter((name) => !known.has(name)));
}
