import type { EventType } from '@posthorn/http-api/event-type';
import { queryOptions } from '@tanstack/react-query';
import { call, JsonText } from './client.ts';
import { readAllPages } from './read-all-pages.ts';

/** The whole catalog: the profile's types in its order, then the tenant's own by name. */
export const eventTypesQuery = queryOptions({
  queryKey: ['event-types'],
  queryFn: async () => (await readAllPages<EventType>('/v1/event-types')).rows,
});

const pathOf = (name: string): string => `/v1/event-types/${encodeURIComponent(name)}`;

/** @param text the whole body as JSON text; see `writeEventType` */
export const putEventType = (name: string, text: string): Promise<EventType> =>
  call<EventType>('PUT', pathOf(name), new JsonText(text));

export const deleteEventType = (name: string): Promise<void> => call('DELETE', pathOf(name));
