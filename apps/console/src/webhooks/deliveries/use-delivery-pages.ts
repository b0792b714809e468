import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { deliveriesQuery } from '../../api/deliveries.ts';
import { firstPage } from '../../api/first-page.ts';
import type { DeliveryFields } from './delivery-filter.ts';
import type { Loaded } from './merge-live.ts';

/** The pages of the list that were loaded. */
export function useDeliveryPages(fields: DeliveryFields) {
  const queryClient = useQueryClient();
  const query = useInfiniteQuery(deliveriesQuery(fields));
  const { data, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage, refetch } = query;
  const loaded = useMemo(
    (): Loaded | null =>
      data
        ? { rows: data.pages.flatMap((page) => page.data), isComplete: data.pages.at(-1)?.next_cursor === null }
        : null,
    [data],
  );
  const refresh = useCallback(async (): Promise<boolean> => {
    const { queryKey } = deliveriesQuery(fields);
    await queryClient.cancelQueries({ queryKey });
    queryClient.setQueryData(queryKey, (pages) => pages && firstPage(pages));
    return (await refetch()).isSuccess;
  }, [fields, queryClient, refetch]);
  const loadMore = (): void => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  };
  return { query, loaded, refresh, loadMore };
}
