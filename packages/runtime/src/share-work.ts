/**
 * Does once what many ask for at once: whoever asks while the work is under way gets its result, which may be as old as that.
 * Nothing is kept: whoever asks after its end has it done anew.
 *
 * @param work must end, since nobody else's begins before; what it throws is thrown to all who wait for it
 */
export function shareWork<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let underWay: Promise<Result> | null = null;
  return () => {
    underWay ??= work().finally(() => {
      underWay = null;
    });
    return underWay;
  };
}
