import { setTimeout as delay } from 'node:timers/promises';

/** Rounds that run until they are stopped. */
export interface Rounds {
  /** Resolves when the round under way has ended. */
  stop(): Promise<void>;
}

/**
 * Runs `round` again and again, one at a time.
 *
 * @param round returns how long to wait until the next one, in ms; what it throws goes to `onError`
 * @param afterErrorMs the wait after a round that failed
 */
export function runRounds(
  round: () => Promise<number>,
  afterErrorMs: number,
  onError: (error: unknown) => void,
): Rounds {
  const stopped = new AbortController();
  const loop = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      const waitMs = await round().catch((error: unknown) => {
        onError(error);
        return afterErrorMs;
      });
      await delay(waitMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  };
  const ended = loop();
  return {
    stop() {
      stopped.abort();
      return ended;
    },
  };
}
