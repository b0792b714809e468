import type { Stats, StatsRange } from '@posthorn/http-api/stats';
import { queryOptions } from '@tanstack/react-query';
import { read } from './client.ts';

const REFRESH_MS = 30_000;

/** How attempts have ended. @param endpointId of this endpoint alone; without it, of all */
export const statsQuery = (range: StatsRange, endpointId?: string) =>
  queryOptions({
    queryKey: ['stats', range, endpointId ?? null],
    queryFn: () => read<Stats>('/v1/stats', { range, endpoint_id: endpointId }),
    refetchInterval: REFRESH_MS,
  });
