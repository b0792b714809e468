import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { loadNextPart } from '../show/lazy-part.tsx';

/** In the browser's timeline: what is loaded from here on is not for the view that stands. */
const BEGINS = 'posthorn:load-ahead';
const LOOK_MS = 1_500;

/** Safari has no such call. */
const whenIdle = (act: () => void): void => {
  if ('requestIdleCallback' in window) window.requestIdleCallback(act);
  else setTimeout(act, LOOK_MS);
};

/** Loads one part after the other while nothing else is to do. It ends at the first that cannot be loaded. */
function loadAhead(): void {
  whenIdle(() => void loadNextPart().then((more) => more && loadAhead()));
}

/** Loads the rest of the console once the first view stands with all that it asked for, so that the next ones are there at once. */
export function useLoadAhead(): void {
  const queryClient = useQueryClient();
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => {
      if (router.state.status !== 'idle' || queryClient.isFetching() > 0) return;
      clearInterval(timer);
      performance.mark(BEGINS);
      loadAhead();
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [queryClient, router]);
}
