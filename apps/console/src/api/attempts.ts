import type { ListedAttempt } from '@posthorn/http-api/attempt';
import { infiniteQueryOptions } from '@tanstack/react-query';
import { type AttemptFilter, attemptFieldsOf } from '../webhooks/attempts/attempt-filter.ts';
import { type Page, read } from './client.ts';

const PAGE_ROWS = 100;

/**
 * Attempts across deliveries, newest first, a page after the other. They stay as they were read until they are asked for
 * anew. A range counts back from when each page is read, so the list is found again by its filter.
 */
export const attemptsQuery = (filter: AttemptFilter) =>
  infiniteQueryOptions({
    queryKey: ['attempts', 'list', filter],
    staleTime: Number.POSITIVE_INFINITY,
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }: Page<ListedAttempt>) => next_cursor,
    queryFn: ({ pageParam }) => {
      const fields = attemptFieldsOf(filter, Date.now());
      return read<Page<ListedAttempt>>('/v1/webhook-attempts', { ...fields, limit: PAGE_ROWS, cursor: pageParam });
    },
  });
