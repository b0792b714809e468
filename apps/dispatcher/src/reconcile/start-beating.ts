import { performance } from 'node:perf_hooks';
import { beatDispatcher } from '@posthorn/store/engine/beat-dispatcher';
import type { DispatcherDeps } from '../deps.ts';
import { type Rounds, runRounds } from './run-rounds.ts';
import type { TakeOverGuard } from './take-over-guard.ts';

const BEAT_MS = 1_000;
const AFTER_ERROR_MS = 1_000;
/** The database's clock and this process's drift apart by much less between two beats. */
const CLOCK_JUMP_MS = 2_000;

export interface Beats extends Rounds {
  /** When this dispatcher was last seen, ms since the epoch by the database's clock; 0: not yet. */
  seenAtMs(): number;
}

/**
 * Says once a second that this dispatcher is alive, and learns who else is. Not part of a round of the reconciler, which may
 * take its time: who is not seen for long counts as dead.
 *
 * @param guard is told how the database answers, and when its clock jumps
 */
export function startBeating(
  deps: DispatcherDeps,
  guard: Pick<TakeOverGuard, 'answered' | 'failed' | 'jumped'>,
): Beats {
  const { dispatcherId, database, beatDatabase, gate } = deps;
  let seenAtMs = 0;
  let aheadMs: number | null = null;
  const beat = async (): Promise<number> => {
    const startedAt = performance.now();
    const { nowMs, ...others } = await beatDispatcher(beatDatabase, dispatcherId).catch(() => {
      guard.failed();
      // The connection alone may be what failed, and who is not seen counts as dead.
      return beatDispatcher(database, dispatcherId);
    });
    const ahead = nowMs - performance.now();
    // By a clock that jumped nobody has been seen lately, and all leases may have run out.
    if (aheadMs !== null && Math.abs(ahead - aheadMs) > CLOCK_JUMP_MS) guard.jumped();
    aheadMs = ahead;
    seenAtMs = nowMs;
    gate.setDispatchers({ ...others, aheadMs });
    guard.answered(performance.now() - startedAt);
    return BEAT_MS;
  };
  const { stop } = runRounds(beat, AFTER_ERROR_MS, deps.logError('beat'));
  return { stop, seenAtMs: () => seenAtMs };
}
