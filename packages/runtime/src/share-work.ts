/** How long a result may still be given to who asks after it is there. */
export interface ShareOptions {
  /** From the moment when the result is there; 0: who asks then begins anew. */
  readonly keepMs: number;
  /** Milliseconds of a clock that never goes back; default: the process's. */
  readonly now?: () => number;
}

/**
 * Does once what many ask for at once: whoever asks while the work is under way gets its result, and so does whoever asks
 * within `keepMs` of its end. However many ask, the work is under way once, and rests for `keepMs` between two times.
 *
 * @param work must end, since nobody else's begins before; what it throws is given to all who wait for it, and never kept
 * @returns asks for the result, which may be as old as the work that is under way, and `keepMs` more
 */
export function shareWork<Result>(
  work: () => Promise<Result>,
  { keepMs, now = () => performance.now() }: ShareOptions,
): () => Promise<Result> {
  let shared: { readonly result: Promise<Result>; goodUntilMs: number } | null = null;
  return () => {
    if (shared && now() < shared.goodUntilMs) return shared.result;
    const begun = { result: work(), goodUntilMs: Number.POSITIVE_INFINITY };
    const endAt = (ms: number): void => {
      begun.goodUntilMs = ms;
    };
    begun.result.then(
      () => endAt(now() + keepMs),
      () => endAt(Number.NEGATIVE_INFINITY),
    );
    shared = begun;
    return begun.result;
  };
}
