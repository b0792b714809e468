import { advanceRecovery } from '@posthorn/store/engine/advance-recovery';
import type { DispatcherDeps } from '../deps.ts';
import { type Rounds, runRounds } from '../reconcile/run-rounds.ts';

const IDLE_ROUND_MS = 1_000;
const AFTER_ERROR_MS = 3_000;

/** Carries recoveries on, chunk by chunk, for as long as the dispatcher runs. What misses the queue the reconciler finds. */
export function startRecoverer(deps: DispatcherDeps): Rounds {
  const { database, producer, metrics } = deps;
  const round = async (): Promise<number> => {
    const made = await advanceRecovery(database);
    if (made === null) return IDLE_ROUND_MS;
    metrics.recovered.inc(made.length);
    const jobs = made.map(({ id, ...rest }) => ({ ...rest, deliveryId: id, delayMs: 0 }));
    if (jobs.length > 0) await producer.enqueue(jobs).catch(deps.logError('jobs of a recovery'));
    return 0;
  };
  return runRounds(round, AFTER_ERROR_MS, deps.logError('recoveries'));
}
