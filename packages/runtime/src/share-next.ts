import { setTimeout as delay } from 'node:timers/promises';

const wait = (ms: number): Promise<void> => delay(ms, undefined, { ref: false });

/**
 * Does once what many ask for at once, and rests between two times. Whoever asks gets the result of work that begins after that:
 * what had happened before they asked is in it. Who asks while there is no work and no rest does not wait.
 *
 * @param work must end, since the next does not begin before; what it throws is thrown to all who wait for it
 * @param restMs from the end of one to the beginning of the next
 */
export function shareNext<Result>(work: () => Promise<Result>, restMs: number, rest = wait): () => Promise<Result> {
  let next: Promise<Result> | null = null;
  let last: Promise<unknown> = Promise.resolve();
  const begin = (): Promise<Result> => {
    next = null;
    const begun = work();
    last = begun.then(
      () => rest(restMs),
      () => rest(restMs),
    );
    return begun;
  };
  return () => {
    next ??= last.then(begin);
    return next;
  };
}
