import { Overloaded } from './overloaded.ts';
import { countOwners, hasPlace, takeInTurn } from './share-line.ts';

export interface Company {
  readonly items: number;
  readonly ms: number;
}

/** How calls are gathered into batches. */
export interface GatherOptions<Item, Result> {
  readonly maxItems: number;
  /** Batches under way at once; while that many run, calls wait and become the next batch. */
  readonly maxBatches: number;
  /** Beside a batch that is under way the next one waits for so many items, but not longer. Default: it waits for none. */
  readonly company?: Company;
  /**
   * Whether a batch takes no more than half of those that are around, which are those that wait and those of the batch before.
   * Callers that call again once they are answered would stay together as they came, 5 and 27 in turn, and nothing but the 5
   * would be heard while the 27 are under way. Default: it takes all.
   */
  readonly halves?: boolean;
  /** Items that wait for a batch; a call beyond them is refused at once. */
  readonly maxWaiting: number;
  /** Whose an item is: batches take from each owner in turn, and nobody's fill all places. Default: no difference is made. */
  readonly ownerOf?: (item: Item) => string;
  /** After it the caller has given up, and its item is dropped. Default: callers never give up. */
  readonly maxWaitMs?: number;
  /** Milliseconds of a clock that never goes back; default: the process's. */
  readonly now?: () => number;
  /** Does the work of a whole batch; the results stand in the order of the items. */
  readonly flush: (items: Item[]) => Promise<readonly Result[]>;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  /** On the options' clock. */
  readonly sinceMs: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

const NO_COMPANY: Company = { items: 1, ms: 0 };
/** So many share a batch even where they are more than half. */
const MIN_HALF = 8;

/**
 * Turns single calls into batches without making a lone call wait: the first goes at the end of the current turn of
 * the event loop, and whatever arrives while batches are under way shares the next one.
 *
 * @returns a function that resolves with its own item's result, or rejects when its whole batch failed; with `Overloaded`
 *   when its item was never part of one
 */
export function gather<Item, Result>(options: GatherOptions<Item, Result>): (item: Item) => Promise<Result> {
  const { now = () => performance.now(), company = NO_COMPANY, ownerOf, maxWaiting } = options;
  const waiting: Waiting<Item, Result>[] = [];
  const owners = countOwners(ownerOf ?? (() => ''));
  let batches = 0;
  let sizeBefore = 0;
  let scheduled = false;
  let patience: NodeJS.Timeout | null = null;

  /** A few calls beside a batch wait for it or for more: what a batch costs by itself is shared by more. */
  const awaitsCompany = (): boolean => {
    if (batches === 0 || waiting.length >= company.items) return false;
    const leftMs = company.ms + (waiting[0]?.sinceMs ?? 0) - now();
    if (leftMs <= 0) return false;
    patience ??= setTimeout(() => {
      patience = null;
      schedule();
    }, leftMs);
    return true;
  };

  const schedule = (): void => {
    if (scheduled || waiting.length === 0 || batches >= options.maxBatches || awaitsCompany()) return;
    if (patience) clearTimeout(patience);
    patience = null;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      void runBatch();
    });
  };

  /** The longest waiting stand first. */
  const dropLate = (): void => {
    const { maxWaitMs = Number.POSITIVE_INFINITY } = options;
    const since = now() - maxWaitMs;
    const firstInTime = waiting.findIndex(({ sinceMs }) => sinceMs > since);
    const dropped = waiting.splice(0, firstInTime === -1 ? waiting.length : firstInTime);
    for (const { item, reject } of dropped) {
      owners.remove(item);
      reject(new Overloaded(`Waited for more than ${maxWaitMs} ms`));
    }
  };

  const sizeOfNext = (): number => {
    if (!options.halves) return options.maxItems;
    return Math.min(options.maxItems, Math.max(MIN_HALF, Math.ceil((waiting.length + sizeBefore) / 2)));
  };

  const runBatch = async (): Promise<void> => {
    dropLate();
    if (waiting.length === 0) return;
    const most = sizeOfNext();
    const batch = ownerOf ? takeInTurn(waiting, most, ({ item }) => ownerOf(item)) : waiting.splice(0, most);
    const items = batch.map(({ item }) => item);
    items.forEach(owners.remove);
    batches += 1;
    sizeBefore = batch.length;
    schedule();
    try {
      const results = await options.flush(items);
      batch.forEach(({ resolve }, index) => resolve(results[index] as Result));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      batches -= 1;
      schedule();
    }
  };

  const mayWait = (item: Item): boolean => {
    if (!ownerOf) return waiting.length < maxWaiting;
    return hasPlace(waiting.length, maxWaiting, owners.countWith(item));
  };

  return (item) =>
    new Promise((resolve, reject) => {
      if (!mayWait(item)) dropLate();
      if (!mayWait(item)) return reject(new Overloaded(`${waiting.length} wait already`));
      waiting.push({ item, sinceMs: now(), resolve, reject });
      owners.add(item);
      schedule();
    });
}
