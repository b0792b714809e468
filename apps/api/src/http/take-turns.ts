import { gatherApart } from '@posthorn/runtime/gather-apart';
import { ANSWER_BUDGET_MS } from './answer-budget.ts';

/** Of one tenant, so much of what may wait long for rows, or read many, is under way at once. */
const MAX_AT_ONCE = 2;
const MAX_WAITING = 200;

/** Runs work of a tenant when it is its turn. @throws Overloaded when too much of the tenant's waits, or it waited too long */
export type TakeTurn = <Result>(tenantId: string, work: () => Promise<Result>) => Promise<Result>;

/** Turns for each tenant by itself, so that none takes all connections. */
export function createTurns(): TakeTurn {
  const turns = gatherApart<() => Promise<unknown>, unknown>({
    maxItems: 1,
    maxBatches: MAX_AT_ONCE,
    maxWaiting: MAX_WAITING,
    maxWaitMs: ANSWER_BUDGET_MS,
    flush: async ([work]) => [await work?.()],
  });
  return async <Result>(tenantId: string, work: () => Promise<Result>) => (await turns.add(tenantId, work)) as Result;
}
