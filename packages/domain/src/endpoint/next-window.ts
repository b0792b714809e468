/** Requests in flight to an endpoint that has no history yet: few, since it may be one that never answers. */
export const FIRST_WINDOW_REQUESTS = 4;

/**
 * How many requests may be in flight to one endpoint after the latest one ended.
 *
 * Additive increase, multiplicative decrease: an endpoint that answers grows to `limit`, one that hangs or
 * refuses shrinks to a single probe, so that it can never hold a dispatcher's slots.
 */
export function nextWindow(window: number, healthy: boolean, limit: number): number {
  if (healthy) return Math.min(limit, window + 1);
  return Math.max(1, Math.floor(window / 2));
}
