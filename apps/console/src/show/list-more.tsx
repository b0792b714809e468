import { Button, Center, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { ListFailed } from './list-states.tsx';

interface Query {
  readonly isFetchNextPageError: boolean;
  readonly isFetchingNextPage: boolean;
  readonly hasNextPage: boolean;
  readonly error: Error | null;
  readonly fetchNextPage: () => Promise<unknown>;
}

interface Props {
  readonly query: Query;
  /** Said once all are there. */
  readonly children: ReactNode;
}

/** After the last row that was loaded: brings more of them, or says that there are none. */
export function ListMore({ query, children }: Props) {
  const loadMore = (): void => void query.fetchNextPage();
  return (
    <Center p="md">
      {query.isFetchNextPageError && query.error && <ListFailed error={query.error} onRetry={loadMore} />}
      {!query.isFetchNextPageError && query.hasNextPage && (
        <Button variant="default" loading={query.isFetchingNextPage} onClick={loadMore}>
          Load more
        </Button>
      )}
      {!query.hasNextPage && (
        <Text size="sm" c="dimmed">
          {children}
        </Text>
      )}
    </Center>
  );
}
