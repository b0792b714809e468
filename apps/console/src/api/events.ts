import type { Event } from '@posthorn/http-api/event';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { EventFilter } from '../events/event-filter.ts';
import { call, JsonText, type Page, read } from './client.ts';
import { pathOfId } from './path-of-id.ts';

const PAGE_ROWS = 100;
const NEWEST_INTERVAL_MS = 5_000;

/** An event with the exact text that it sends. */
export interface EventDetail extends Event {
  readonly payload: string;
}

/**
 * Events, newest first, a page after the other. They stay as they were read, so that the list does not move under whoever
 * reads it; `newestEventQuery` tells that there are newer ones.
 */
export const eventsQuery = (filter: EventFilter) =>
  infiniteQueryOptions({
    queryKey: ['events', 'list', filter],
    staleTime: Number.POSITIVE_INFINITY,
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }: Page<Event>) => next_cursor,
    queryFn: ({ pageParam }) => read<Page<Event>>('/v1/events', { ...filter, limit: PAGE_ROWS, cursor: pageParam }),
  });

/** The newest event alone, so that a list can say that there are newer ones without moving. */
export const newestEventQuery = (filter: EventFilter) =>
  queryOptions({
    queryKey: ['events', 'newest', filter],
    refetchInterval: NEWEST_INTERVAL_MS,
    queryFn: async (): Promise<Event | null> => {
      const { data } = await read<Page<Event>>('/v1/events', { ...filter, limit: 1 });
      return data[0] ?? null;
    },
  });

export const eventQuery = (id: string) =>
  queryOptions({ queryKey: ['event', id], queryFn: () => read<EventDetail>(pathOfId('/v1/events', 'event', id)) });

/** @param text the whole body as JSON text; see `writePostedEvent` */
export const postEvent = (text: string): Promise<Event> => call<Event>('POST', '/v1/events', new JsonText(text));
