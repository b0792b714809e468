import { setTimeout as delay } from 'node:timers/promises';

/** How often a Redis that does not answer is asked again. */
const PROBE_MS = 100;

/** Knows whether Redis hangs: connected, and silent; of a Redis Cluster a part may be, and lie behind that. */
export interface SilenceWatch {
  isSilent(): boolean;
  /** Passes `work` on, and takes a time-out of it, or that nobody serves its slot, for silence. */
  watch<Result>(work: Promise<Result>): Promise<Result>;
  stop(): void;
}

/** ioredis has no class for the first three of these, and the last is what a node says of a cluster that lacks slots. */
const SILENCE = ['Command timed out', 'Connection is closed.', 'Too many Cluster redirections', 'CLUSTERDOWN '];

const isSilence = (error: unknown): boolean =>
  error instanceof Error && SILENCE.some((words) => error.message.startsWith(words));

/**
 * Watches connections that have a command timeout. While Redis is silent one small probe is under way at a time; whoever asks
 * {@link SilenceWatch.isSilent} first sends nothing else, so that neither callers wait nor work piles up in its socket, to be
 * done for nothing when it comes back.
 *
 * @param ask the probe: a question that everything behind the connection answers
 */
export function watchSilence(ask: () => Promise<unknown>): SilenceWatch {
  const stopped = new AbortController();
  let silent = false;
  const stillSilent = (): Promise<boolean> => ask().then(() => false, isSilence);
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
        if (isSilence(error) && !silent) {
          silent = true;
          void probeUntilAnswered();
        }
        throw error;
      }
    },
    stop: () => stopped.abort(),
  };
}
