import { gatherApart } from '@posthorn/runtime/gather-apart';
import { ANSWER_BUDGET_MS } from './answer-budget.ts';

/** Work of one tenant that waits for its turn. */
const MAX_WAITING = 200;

/** Runs work of a tenant when it is its turn. @throws Overloaded when too much of the tenant's waits, or it waited too long */
export type TakeTurn = <Result>(tenantId: string, work: () => Promise<Result>) => Promise<Result>;

/** Turns for each tenant by itself, so that none takes all connections. @param maxAtOnce of one tenant, under way at once */
export function createTurns(maxAtOnce: number): TakeTurn {
  const turns = gatherApart<() => Promise<unknown>, unknown>({
    maxItems: 1,
    maxBatches: maxAtOnce,
    maxWaiting: MAX_WAITING,
    maxWaitMs: ANSWER_BUDGET_MS,
    flush: async ([work]) => [await work?.()],
  });
  return async <Result>(tenantId: string, work: () => Promise<Result>) => (await turns.add(tenantId, work)) as Result;
}
