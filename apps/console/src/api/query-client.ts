import { notifications } from '@mantine/notifications';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './client.ts';
import { sessionKey } from './session.ts';

const MAX_RETRIES = 2;
const STALE_MS = 5_000;

const isRefusal = (error: unknown): boolean => error instanceof ApiError && error.status >= 400 && error.status < 500;

/** A session that is over, or whose key was revoked, leads to the sign-in. */
function onError(error: unknown): void {
  if (error instanceof ApiError && error.status === 401) queryClient.setQueryData(sessionKey, null);
}

/** What the console has read. A failed change is told in a notification, unless its form shows it (`meta.silent`). */
export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({
    onError(error, _variables, _result, mutation) {
      onError(error);
      if (mutation.meta?.['silent'] === true) return;
      notifications.show({ color: 'red', title: 'That did not work', message: error.message });
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: STALE_MS,
      retry: (failures, error) => failures < MAX_RETRIES && !isRefusal(error),
    },
  },
});
