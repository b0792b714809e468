import type { Delivery } from '@posthorn/http-api/delivery';
import { queryOptions } from '@tanstack/react-query';
import { readAllPages } from './read-all-pages.ts';

const REFRESH_MS = 5_000;

/** Every delivery of one event, newest first, replays included. */
export const eventDeliveriesQuery = (eventId: string) =>
  queryOptions({
    queryKey: ['deliveries', 'event', eventId],
    refetchInterval: REFRESH_MS,
    queryFn: () => readAllPages<Delivery>('/v1/webhook-deliveries', { event_id: eventId }),
  });
