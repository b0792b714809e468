import type { Profile } from '@posthorn/http-api/profile';
import { queryOptions } from '@tanstack/react-query';
import { read } from './client.ts';

/** The profiles that the tenant can have, its own among them. */
export const profilesQuery = queryOptions({
  queryKey: ['profiles'],
  queryFn: async (): Promise<readonly Profile[]> => (await read<{ data: readonly Profile[] }>('/v1/profiles')).data,
  staleTime: 60_000,
});
