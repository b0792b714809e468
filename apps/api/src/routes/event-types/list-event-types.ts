import { findEventTypes } from '@posthorn/store/tenant/find-event-types';
import { catalogOf, type KnownType } from '../../events/find-types.ts';
import { type Answer, ok } from '../../http/answer.ts';
import { decodeCursor, encodeCursor } from '../../http/cursor.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';
import type { PagingQuery } from '../show-page.ts';
import { showEventType } from './show-event-type.ts';

const placeOf = ({ source, name }: KnownType): string => `${source} ${name}`;

/** Where the next page begins. The list's order does not change, so a type that has gone leaves its place. */
function startAfter(types: readonly KnownType[], place: string | null): number {
  if (place === null) return 0;
  const index = types.findIndex((type) => placeOf(type) === place);
  if (index >= 0) return index + 1;
  const following = types.findIndex((type) => type.source === 'tenant' && placeOf(type) > place);
  return following >= 0 ? following : types.length;
}

/** `GET /v1/event-types`: the profile's catalog in its own order, then the tenant's types by name. */
export async function getEventTypes({ tenant, query }: Call<TenantScope, PagingQuery>): Promise<Answer> {
  const place = decodeCursor('types', query.cursor);
  // A type of the profile stands before an own one of its name, which waits for another profile.
  const catalog = catalogOf(tenant.profile);
  const own = (await findEventTypes(tenant.database)).filter(({ name }) => !catalog.has(name));
  const byName = own.map((type) => ({ ...type, source: 'tenant' as const })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const types: KnownType[] = [...catalog.values(), ...byName];
  const start = startAfter(types, place);
  const page = types.slice(start, start + query.limit);
  const last = page.at(-1);
  const more = start + query.limit < types.length && last !== undefined;
  return ok({ data: page.map(showEventType), next_cursor: encodeCursor('types', more ? placeOf(last) : null) });
}
