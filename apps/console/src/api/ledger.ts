import type { Ledger } from '@posthorn/http-api/ledger';
import { queryOptions } from '@tanstack/react-query';
import { read } from './client.ts';

const REFRESH_MS = 10_000;

/** How many events and deliveries there are in all, and where these stand. */
export const ledgerQuery = queryOptions({
  queryKey: ['ledger'],
  refetchInterval: REFRESH_MS,
  queryFn: () => read<Ledger>('/v1/ledger'),
});
