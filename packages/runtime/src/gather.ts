/** How calls are gathered into batches. */
export interface GatherOptions<Item, Result> {
  readonly maxItems: number;
  /** Batches under way at once; while that many run, calls wait and become the next batch. */
  readonly maxBatches: number;
  /** Does the work of a whole batch; the results stand in the order of the items. */
  readonly flush: (items: Item[]) => Promise<readonly Result[]>;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Turns single calls into batches without making a lone call wait: the first goes at the end of the current turn of
 * the event loop, and whatever arrives while batches are under way shares the next one.
 *
 * @returns a function that resolves with its own item's result, or rejects when its whole batch failed
 */
export function gather<Item, Result>(options: GatherOptions<Item, Result>): (item: Item) => Promise<Result> {
  let waiting: Waiting<Item, Result>[] = [];
  let batches = 0;
  let scheduled = false;

  const schedule = (): void => {
    if (scheduled || waiting.length === 0 || batches >= options.maxBatches) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      void runBatch();
    });
  };

  const runBatch = async (): Promise<void> => {
    const batch = waiting.slice(0, options.maxItems);
    waiting = waiting.slice(options.maxItems);
    batches += 1;
    schedule();
    try {
      const results = await options.flush(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(results[index] as Result));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      batches -= 1;
      schedule();
    }
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      schedule();
    });
}
