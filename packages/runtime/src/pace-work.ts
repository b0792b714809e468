import { Overloaded } from './overloaded.ts';

/** After so much work in one go, in ms, the loop is left free: a wait that users do not notice, and more than a timer's own cost. */
const SLICE_MS = 10;

/** Work in steps: a step is what a generator does until it yields. */
export type Steps<Result> = Generator<void, Result>;

/** Work on whose steps the event loop has to wait. */
export interface LongWork<Result> {
  readonly owner: string;
  readonly steps: Steps<Result>;
  /** Asked before each step. */
  readonly isWanted: () => boolean;
  /** Whether it goes on with what was begun before, and so goes before what its owner has waiting. Default: it does not. */
  readonly isUnderWay?: boolean;
}

/** @returns what the steps return, or rejects with what they throw; with `Overloaded` when nobody wants it any more */
export type PaceWork = <Result>(work: LongWork<Result>) => Promise<Result>;

/** The clock that work is measured by. */
export interface PaceClock {
  /** In ms, and never goes back. */
  now(): number;
  later(ms: number, begin: () => void): void;
}

interface Waiting {
  readonly steps: Steps<unknown>;
  readonly isWanted: () => boolean;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

const ownClock: PaceClock = {
  now: () => performance.now(),
  later: (ms, begin) => void setTimeout(begin, Math.ceil(ms)),
};

/** Does one step. @returns whether it was the last, also because nobody wants the rest */
function doStep({ steps, isWanted, resolve, reject }: Waiting): boolean {
  if (!isWanted()) {
    reject(new Overloaded('Nobody waits for it any more'));
    return true;
  }
  try {
    const { done, value } = steps.next();
    if (done) resolve(value);
    return done ?? false;
  } catch (error) {
    reject(error);
    return true;
  }
}

/** Does all steps in one go, which is for work too small to be paced. @throws what the work throws */
export function doAtOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/**
 * Does work that would block the event loop in slices, and leaves the loop free after each for at least as long as it took,
 * however much waits. Of each owner in turn a step is done; of one owner's, what came first is done before the next is begun.
 */
export function paceWork(clock: PaceClock = ownClock): PaceWork {
  const lines = new Map<string, Waiting[]>();
  let isResting = false;

  const doNext = ([owner, line]: readonly [string, Waiting[]]): void => {
    const [first] = line;
    if (first && doStep(first)) line.shift();
    // Behind all others.
    lines.delete(owner);
    if (line.length > 0) lines.set(owner, line);
  };

  const runSlice = (): void => {
    const startedAt = clock.now();
    isResting = true;
    for (const next of lines) {
      doNext(next);
      if (clock.now() - startedAt >= SLICE_MS) break;
    }
    clock.later(clock.now() - startedAt, () => {
      isResting = false;
      if (lines.size > 0) runSlice();
    });
  };

  return <Result>({ owner, steps, isWanted, isUnderWay = false }: LongWork<Result>) =>
    new Promise<Result>((resolve, reject) => {
      const waiting = { steps, isWanted, resolve: resolve as Waiting['resolve'], reject };
      const line = lines.get(owner);
      if (!line) lines.set(owner, [waiting]);
      else if (isUnderWay) line.unshift(waiting);
      else line.push(waiting);
      if (!isResting) runSlice();
    });
}
