import { isOpen } from '@posthorn/domain/delivery/delivery-status';
import type { Attempt } from '@posthorn/http-api/attempt';
import type { Delivery } from '@posthorn/http-api/delivery';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call, type Page, type QueryFields, read } from './client.ts';
import { pathOfId } from './path-of-id.ts';

const PATH = '/v1/webhook-deliveries';
const PAGE_ROWS = 50;
const OPEN_REFRESH_MS = 2_000;

export interface DeliveryDetail extends Delivery {
  /** While it is held: the earlier delivery at the head of its line. */
  readonly waits_for: string | null;
  /** The exact text that is sent. */
  readonly payload: string;
  /** Oldest first. */
  readonly attempt_log: readonly Attempt[];
}

export const readDeliveries = (fields: QueryFields, cursor: string | null = null): Promise<Page<Delivery>> =>
  read<Page<Delivery>>(PATH, { ...fields, limit: PAGE_ROWS, cursor });

/**
 * Deliveries, newest first, a page after the other. They are kept current by the live stream and not by reading all pages
 * again, so nothing is kept of a list that is no longer shown.
 */
export const deliveriesQuery = (fields: QueryFields) =>
  infiniteQueryOptions({
    queryKey: ['deliveries', 'list', fields],
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }: Page<Delivery>) => next_cursor,
    queryFn: ({ pageParam }) => readDeliveries(fields, pageParam),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    // Comparing all pages with each new one would cost more the more there are.
    structuralSharing: false,
  });

const pathOf = (id: string): string => pathOfId(PATH, 'delivery', id);

/** One delivery with its payload and attempts; asked again while it is open. */
export const deliveryQuery = (id: string) =>
  queryOptions({
    queryKey: ['delivery', id],
    queryFn: () => read<DeliveryDetail>(pathOf(id)),
    refetchInterval: ({ state }) => (state.data && isOpen(state.data.status) ? OPEN_REFRESH_MS : false),
  });

/** @returns the new delivery */
export const replayDelivery = (id: string): Promise<Delivery> => call<Delivery>('POST', `${pathOf(id)}/replay`);
export const cancelDelivery = (id: string): Promise<Delivery> => call<Delivery>('POST', `${pathOf(id)}/cancel`);
