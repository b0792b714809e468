import { notifications } from '@mantine/notifications';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError, onSessionEnd } from './client.ts';
import { noteAnswer, noteSilence } from './reachable.ts';
import { forgetSession, onOtherTab, sessionKey } from './session.ts';

const MAX_RETRIES = 2;
const STALE_MS = 5_000;

const isRefusal = (error: unknown): boolean => error instanceof ApiError && error.status >= 400 && error.status < 500;

/** Nothing that one caller has read is left for the next. */
function forgetAll(): void {
  forgetSession();
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] });
  queryClient.setQueryData(sessionKey, null);
}

function onError(error: unknown): void {
  if (!(error instanceof ApiError)) return;
  if (error.status === 0 || error.status === 503) noteSilence();
  else noteAnswer();
}

/** What the console has read. A failed change is told in a notification, unless its form shows it (`meta.silent`). */
export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError, onSuccess: noteAnswer }),
  mutationCache: new MutationCache({
    onError(error, _variables, _result, mutation) {
      onError(error);
      // That a session is over says the sign-in.
      const isOver = error instanceof ApiError && error.status === 401;
      if (isOver || mutation.meta?.['silent'] === true) return;
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

onSessionEnd(forgetAll);
onOtherTab(() => void queryClient.invalidateQueries({ queryKey: sessionKey }));
