import { Center, Text } from '@mantine/core';
import { ListFailed } from '../../show/list-states.tsx';

interface Query {
  readonly isFetchNextPageError: boolean;
  readonly hasNextPage: boolean;
  readonly error: Error | null;
  readonly fetchNextPage: () => Promise<unknown>;
}

/** After the last row that was loaded: whether there are more. */
export function ListEnd({ query }: { readonly query: Query }) {
  return (
    <Center p="sm">
      {query.isFetchNextPageError && query.error ? (
        <ListFailed error={query.error} onRetry={() => void query.fetchNextPage()} />
      ) : (
        <Text size="sm">{query.hasNextPage ? 'Loading more…' : 'These are all.'}</Text>
      )}
    </Center>
  );
}
