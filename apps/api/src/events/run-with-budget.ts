import { createContext, Script } from 'node:vm';

const sandbox: { work: () => unknown } = { work: () => undefined };
const context = createContext(sandbox);
const script = new Script('work()');

/** What came of work with a time limit. */
export type Budgeted<Result> = { readonly done: true; readonly result: Result } | { readonly done: false };

const isTimeout = (error: unknown): boolean =>
  (error as { readonly code?: unknown } | undefined)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/** The limit is one of wall-clock time: on a busy machine it may pass while nothing ran. Such a run does not count. */
const MAX_TRIES = 5;
const LEAST_BUSY = 0.7;
const MICROSECONDS_PER_MS = 1_000;

function runOnce<Result>(work: () => Result, budgetMs: number): Budgeted<Result> {
  sandbox.work = work;
  try {
    return { done: true, result: script.runInContext(context, { timeout: budgetMs }) as Result };
  } catch (error) {
    if (isTimeout(error)) return { done: false };
    throw error;
  } finally {
    sandbox.work = () => undefined;
  }
}

/**
 * Runs synchronous work and breaks it off when it takes too long, a regular expression that backtracks without end
 * included. This is what makes a stranger's JSON Schema harmless to everyone else on the event loop.
 *
 * @throws whatever the work throws
 */
export function runWithBudget<Result>(work: () => Result, budgetMs: number): Budgeted<Result> {
  for (let tries = 1; ; tries += 1) {
    const before = process.cpuUsage();
    const run = runOnce(work, budgetMs);
    if (run.done || tries === MAX_TRIES) return run;
    const { user, system } = process.cpuUsage(before);
    if (user + system >= LEAST_BUSY * budgetMs * MICROSECONDS_PER_MS) return run;
  }
}
