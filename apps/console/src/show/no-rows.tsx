import type { ReactNode } from 'react';
import { ApiError } from '../api/client.ts';
import { ListFailed, ListLoading, NoResult, RefusedFilter } from './list-states.tsx';

interface Props {
  readonly query: {
    readonly isPending: boolean;
    readonly error: Error | null;
    readonly refetch: () => Promise<unknown>;
  };
  readonly isFiltered: boolean;
  readonly onClear: () => void;
  /** Where there was never any row. */
  readonly children: ReactNode;
}

/** In the place of the rows: why there are none, and what to do. */
export function NoRows({ query, isFiltered, onClear, children }: Props) {
  if (query.isPending) return <ListLoading />;
  if (isFiltered && query.error instanceof ApiError && query.error.status === 400) {
    return <RefusedFilter onClear={onClear} />;
  }
  if (query.error) return <ListFailed error={query.error} onRetry={() => void query.refetch()} />;
  return isFiltered ? <NoResult onClear={onClear} /> : children;
}
