import { advanceRecovery } from '@posthorn/store/engine/advance-recovery';
import type { DueDelivery } from '@posthorn/store/engine/event-request';
import type { DispatcherDeps } from '../deps.ts';
import { parkBeyondRoom } from '../reconcile/park-beyond-room.ts';
import { type Rounds, runRounds } from '../reconcile/run-rounds.ts';

const IDLE_ROUND_MS = 1_000;
const AFTER_ERROR_MS = 3_000;

/** Carries recoveries on, chunk by chunk, for as long as the dispatcher runs. What misses the queue the reconciler finds. */
export function startRecoverer(deps: DispatcherDeps): Rounds {
  const { database, producer, metrics, room, park } = deps;
  const enqueueAll = async (rows: readonly DueDelivery[]): Promise<void> => {
    if (rows.length === 0) return;
    const jobs = rows.map(({ id, ...rest }) => ({ ...rest, deliveryId: id, delayMs: 0 }));
    try {
      await producer.enqueue(jobs);
      room.settle(jobs.length, true);
    } catch (error) {
      room.settle(jobs.length, false);
      deps.logError('jobs of a recovery')(error);
    }
  };
  const round = async (): Promise<number> => {
    const made = await advanceRecovery(database);
    if (made === null) return IDLE_ROUND_MS;
    metrics.recovered.inc(made.length);
    const fitting = await parkBeyondRoom({ room, readWaiting: () => producer.readWaiting(), park }, made);
    await enqueueAll(fitting ?? []);
    return 0;
  };
  return runRounds(round, AFTER_ERROR_MS, deps.logError('recoveries'));
}
