import { Button, Group, Text } from '@mantine/core';
import { IconFilterOff, IconRefresh } from '@tabler/icons-react';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { attemptsQuery } from '../../api/attempts.ts';
import { firstPage } from '../../api/first-page.ts';
import { countRows } from '../../show/count-rows.ts';
import { ListMore } from '../../show/list-more.tsx';
import { ListEmpty, ListFailed } from '../../show/list-states.tsx';
import { NoRows } from '../../show/no-rows.tsx';
import { useRowKeys } from '../../show/use-row-keys.ts';
import { DeliveryListEmpty } from '../deliveries/delivery-list-empty.tsx';
import type { AttemptFilter } from './attempt-filter.ts';
import { AttemptTable } from './attempt-table.tsx';

interface List {
  readonly filter: AttemptFilter;
  readonly onClear: () => void;
}

/** The attempts that a filter leaves. Another filter is another list. */
export function AttemptList({ filter, onClear }: List) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const query = useInfiniteQuery(attemptsQuery(filter));
  const { data, hasNextPage, isFetching } = query;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.data) ?? [], [data]);
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  const open = (attemptId: string): void => {
    const deliveryId = rows.find(({ id }) => id === attemptId)?.delivery_id;
    if (deliveryId) void navigate({ to: '/webhooks/deliveries/$deliveryId', params: { deliveryId } });
  };
  const keys = useRowKeys(rows, open);
  const refresh = (): void => {
    keys.reveal.current(0);
    queryClient.setQueryData(attemptsQuery(filter).queryKey, (pages) => pages && firstPage(pages));
    void query.refetch();
  };
  return (
    <>
      <Group justify="space-between" gap="xs" mih={34}>
        <Group gap="xs">
          <Text size="sm">{data && countRows(rows.length, !hasNextPage, ['attempt', 'attempts'])}</Text>
          {isFiltered && rows.length > 0 && (
            <Button size="xs" variant="subtle" leftSection={<IconFilterOff size={14} aria-hidden />} onClick={onClear}>
              Clear the filters
            </Button>
          )}
        </Group>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconRefresh size={14} aria-hidden />}
          loading={isFetching && !query.isFetchingNextPage}
          onClick={refresh}
        >
          Refresh
        </Button>
      </Group>
      {rows.length > 0 && query.isRefetchError && <ListFailed error={query.error} onRetry={refresh} />}
      {rows.length === 0 && hasNextPage && <NoneSoFar query={query} onClear={onClear} />}
      {rows.length === 0 && !hasNextPage && (
        <NoRows query={query} isFiltered={isFiltered} onClear={onClear}>
          <DeliveryListEmpty title="No attempts yet" />
        </NoRows>
      )}
      {rows.length > 0 && (
        <AttemptTable {...keys} rows={rows} total={hasNextPage ? -1 : rows.length} onOpen={open}>
          <ListMore query={query}>These are all.</ListMore>
        </AttemptTable>
      )}
    </>
  );
}

interface Looked {
  readonly query: Parameters<typeof ListMore>[0]['query'];
  readonly onClear: () => void;
}

/** The API looks at so many attempts for a page, and goes on when it is asked to. */
function NoneSoFar({ query, onClear }: Looked) {
  return (
    <ListEmpty title="Nothing matches so far">
      <Text size="sm">None of the newest attempts does; older ones were not looked at yet.</Text>
      <ListMore query={query}>None of them does.</ListMore>
      <Button variant="subtle" onClick={onClear}>
        Clear the filters
      </Button>
    </ListEmpty>
  );
}
