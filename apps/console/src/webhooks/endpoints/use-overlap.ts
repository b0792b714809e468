import type { Endpoint } from '@posthorn/http-api/endpoint';
import { useNow } from '../../show/use-now.ts';

/** Until when two secrets of an endpoint are valid; `null` once one is. */
export function useOverlap({ secret_overlap_ends_at: endsAt }: Endpoint): string | null {
  // The page reads the endpoint every few seconds alone.
  const now = useNow();
  return endsAt !== null && Date.parse(endsAt) > now ? endsAt : null;
}
