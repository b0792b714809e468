import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';

/** How often a Redis that does not answer is asked again. */
const PROBE_MS = 100;

/** Knows whether Redis hangs: connected, and silent. */
export interface SilenceWatch {
  isSilent(): boolean;
  /** Passes `work` on, and takes a time-out of it for silence. */
  watch<Result>(work: Promise<Result>): Promise<Result>;
  stop(): void;
}

/** ioredis has no class for this error. */
const isTimeout = (error: unknown): boolean => error instanceof Error && error.message === 'Command timed out';

/**
 * Watches a connection that has a command timeout. While Redis is silent one small probe is under way at a time; whoever asks
 * {@link SilenceWatch.isSilent} first sends nothing else, so that neither callers wait nor work piles up in its socket, to be
 * done for nothing when it comes back.
 */
export function watchSilence(redis: Pick<Redis, 'ping'>): SilenceWatch {
  const stopped = new AbortController();
  let silent = false;
  const stillSilent = (): Promise<boolean> => redis.ping().then(() => false, isTimeout);
  const probeUntilAnswered = async (): Promise<void> => {
    while (!stopped.signal.aborted && (await stillSilent()))
      await delay(PROBE_MS, undefined, { signal: stopped.signal }).catch(() => undefined);
    silent = false;
  };
  return {
    isSilent: () => silent,
    async watch(work) {
      try {
        return await work;
      } catch (error) {
        if (isTimeout(error) && !silent) {
          silent = true;
          void probeUntilAnswered();
        }
        throw error;
      }
    },
    stop: () => stopped.abort(),
  };
}
