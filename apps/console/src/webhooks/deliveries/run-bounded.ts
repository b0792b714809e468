/** How far a run is. */
export interface RunProgress {
  readonly done: number;
  /** How many were refused, by the reason. */
  readonly refusals: ReadonlyMap<string, number>;
}

/**
 * Does one thing after the other, a few at once.
 *
 * @param act rejects when it is refused; the message is the reason
 * @param signal aborted: nothing further is begun; what is under way is waited for
 */
export async function runBounded<Item>(
  items: readonly Item[],
  act: (item: Item) => Promise<void>,
  {
    atOnce,
    signal,
    onProgress,
  }: {
    readonly atOnce: number;
    readonly signal: AbortSignal;
    readonly onProgress: (progress: RunProgress) => void;
  },
): Promise<RunProgress> {
  const queue = items.values();
  let progress: RunProgress = { done: 0, refusals: new Map() };
  const note = (reason: string | null): void => {
    const refusals = new Map(progress.refusals);
    if (reason !== null) refusals.set(reason, (refusals.get(reason) ?? 0) + 1);
    progress = { done: progress.done + (reason === null ? 1 : 0), refusals };
    onProgress(progress);
  };
  const work = async (): Promise<void> => {
    for (const item of queue) {
      if (signal.aborted) return;
      const reason = await act(item).then(
        () => null,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      note(reason);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return progress;
}

export const countRefused = ({ refusals }: RunProgress): number =>
  [...refusals.values()].reduce((sum, count) => sum + count, 0);
