const MINUTE_MS = 60_000;
/** By then most deliveries of a minute have had their first attempts, so that little of its sums has to be changed. */
const SUM_AFTER_MS = 120_000;

/** How far statistics have been summed. Transactions are their numbers. */
export interface SumProgress {
  /** The database's clock. */
  readonly now: Date;
  /** What changes in a time before it is noted. */
  readonly notedBefore: Date;
  /** Times before it are in the sums. */
  readonly summedBefore: Date;
  /** Every transaction that may not have known of `notedBefore` is lower. `null`: not asked yet. */
  readonly settledBy: bigint | null;
  /** The lowest that is under way. */
  readonly oldestRunning: bigint;
  /** No transaction has ended that is as high. */
  readonly next: bigint;
}

/** What is to be done next: `begin`, `settle` and `sum` bring one step of time into the sums. */
export type SumStep =
  | { readonly kind: 'idle' }
  /** Nobody asks for what is older: neither notes nor sums of it are wanted. */
  | { readonly kind: 'skip'; readonly to: Date }
  /** Some of the time before `until` is due, not before `atLeast`. */
  | { readonly kind: 'begin'; readonly atLeast: Date; readonly until: Date }
  | { readonly kind: 'settle' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'sum' };

/**
 * A time is summed in three steps. From the first one on, what changes in it is noted; the second finds out which
 * transactions may not have known that; when all of them have ended, the rows are counted, and with them what was noted
 * until then. So a change is either among the rows that are counted or noted for later, and never both.
 *
 * @param earliest the oldest time that anybody asks for
 */
export function planSum(progress: SumProgress, earliest: Date): SumStep {
  const { now, notedBefore, summedBefore, settledBy, oldestRunning, next } = progress;
  if (notedBefore > summedBefore) {
    // A number that is yet to come is another server's, from which the data was restored.
    if (settledBy === null || settledBy >= next) return { kind: 'settle' };
    return { kind: oldestRunning < settledBy ? 'wait' : 'sum' };
  }
  if (summedBefore < earliest) return { kind: 'skip', to: earliest };
  const until = new Date(Math.floor((now.getTime() - SUM_AFTER_MS) / MINUTE_MS) * MINUTE_MS);
  if (until <= summedBefore) return { kind: 'idle' };
  return { kind: 'begin', atLeast: new Date(summedBefore.getTime() + MINUTE_MS), until };
}
