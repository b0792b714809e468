import { createContext, Script } from 'node:vm';

const sandbox: { work: () => unknown } = { work: () => undefined };
const context = createContext(sandbox);
const script = new Script('work()');

/** What came of work with a time limit. */
export type Budgeted<Result> = { readonly done: true; readonly result: Result } | { readonly done: false };

const isTimeout = (error: unknown): boolean =>
  (error as { readonly code?: unknown } | undefined)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/**
 * Runs synchronous work and breaks it off when it takes too long, a regular expression that backtracks without end
 * included. This is what makes a stranger's JSON Schema harmless to everyone else on the event loop.
 *
 * @throws whatever the work throws
 */
export function runWithBudget<Result>(work: () => Result, budgetMs: number): Budgeted<Result> {
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
