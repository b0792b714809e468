import type { QueryClient } from '@tanstack/react-query';

/** Attempts are under way for a moment, and the figures and the health lag behind them by some seconds. */
const LATER_MS = [2_000, 12_000];

/** Reads anew what an endpoint's page says of how it fares: now, and when what was just done shows in it. */
export function refreshEndpoint(queryClient: QueryClient, id: string): void {
  const refresh = (): void => {
    for (const queryKey of [['endpoint', id], ['endpoints'], ['stats'], ['deliveries', 'latest', id]]) {
      void queryClient.invalidateQueries({ queryKey });
    }
  };
  refresh();
  for (const ms of LATER_MS) setTimeout(refresh, ms);
}
