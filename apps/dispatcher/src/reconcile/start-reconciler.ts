import { performance } from 'node:perf_hooks';
import { encodeTypeId } from '@posthorn/domain/type-id';
import { endLeasesOfDead } from '@posthorn/store/engine/end-leases-of-dead';
import { foldHealth } from '@posthorn/store/engine/fold-health';
import { foldLedger } from '@posthorn/store/engine/fold-ledger';
import { foldSumChanges } from '@posthorn/store/engine/fold-sum-changes';
import { listDueDeliveries } from '@posthorn/store/engine/list-due-deliveries';
import { renewGeneration } from '@posthorn/store/engine/renew-generation';
import { SWEEP_START, sweepHeld } from '@posthorn/store/engine/sweep-held';
import { takeOverInterrupted } from '@posthorn/store/engine/take-over-interrupted';
import type { DispatcherDeps } from '../deps.ts';
import { feedDirectly } from '../feed-directly.ts';
import { parkBeyondRoom } from './park-beyond-room.ts';
import {
  DUE_GRACE_MS,
  MAX_ROWS_PER_PAGE,
  type ReconcileDueDeps,
  type ReconcileRound,
  type ReconcileState,
  reconcileDue,
} from './reconcile-due.ts';
import { releaseLeftBehind } from './release-left-behind.ts';
import { type Rounds, runRounds } from './run-rounds.ts';
import { startBeating } from './start-beating.ts';
import { startFindingParked } from './start-finding-parked.ts';
import { stepApart } from './step-apart.ts';
import { createTakeOverGuard } from './take-over-guard.ts';

const ROUND_MS = 1_000;
/** While the queue is away rows are fed directly, and rounds follow each other quickly. */
const DIRECT_ROUND_MS = 50;
const AFTER_ERROR_MS = 1_000;
/** Calls in one round, each bounded. */
const MAX_TAKE_OVERS = 10;
const MAX_FOLDS = 10;
/** Lines with held deliveries that one round looks at. */
const MAX_LINES = 2_000;

/** Brings the health of endpoints up to date; what is open of one that failed for too long is cancelled. */
async function noticeFailing({ database, failurePolicy, startCancelling, log }: DispatcherDeps): Promise<void> {
  for (let call = 0; call < MAX_FOLDS; call += 1) {
    const { disabled, more } = await foldHealth(database, failurePolicy);
    for (const id of disabled) {
      log.warn('endpoint disabled, it failed for too long', { endpoint: encodeTypeId('endpoint', id) });
      startCancelling(id);
    }
    if (!more) break;
  }
}

async function endLeases({ database, dispatcherId, log }: DispatcherDeps, seenAtMs: number): Promise<void> {
  for (let call = 0; call < MAX_TAKE_OVERS; call += 1) {
    const { ended, more } = await endLeasesOfDead(database, { dispatcherId, seenAtMs });
    if (ended > 0) log.warn('leases of a dispatcher that is not seen any more ended', { deliveries: ended });
    if (!more) break;
  }
}

async function takeOver(deps: DispatcherDeps, seenAtMs: number): Promise<number> {
  let interrupted = 0;
  for (let call = 0; call < MAX_TAKE_OVERS; call += 1) {
    const taken = await takeOverInterrupted(deps.database, deps.findProfile, seenAtMs);
    interrupted += taken.interrupted;
    for (const endpointId of taken.disabled) deps.startCancelling(endpointId);
    const jobs = taken.due.map(({ id, ...rest }) => ({ ...rest, deliveryId: id, delayMs: 0 }));
    if (jobs.length > 0) await deps.producer.enqueue(jobs).catch(deps.logError('jobs of interrupted attempts'));
    if (!taken.more) break;
  }
  return interrupted;
}

/**
 * Compares PostgreSQL with the queue for as long as the dispatcher runs, and repairs what it finds.
 *
 * @param onStuck called after a round that found jobs which nobody takes
 */
export function startReconciler(deps: DispatcherDeps, onStuck: () => void): Rounds {
  const { database, producer, metrics, gate, log, openSpan } = deps;
  let state: ReconcileState = { cursor: null, queueRefuses: false };
  const dueDeps: ReconcileDueDeps = {
    listDue: (after) => listDueDeliveries(database, DUE_GRACE_MS, after, MAX_ROWS_PER_PAGE, openSpan.get()),
    findJobs: (jobs) => producer.findJobs(jobs),
    renewGeneration: (rows) => renewGeneration(database, rows),
    parkBeyondRoom: (rows) =>
      parkBeyondRoom({ room: deps.room, readWaiting: () => producer.readWaiting(), park: deps.park }, rows),
    settleRoom: (jobs, made) => deps.room.settle(jobs, made),
    enqueue: (jobs) => producer.enqueue(jobs),
    feedDirectly: (rows) => feedDirectly(deps, rows),
    hasWaiting: (endpointId) => gate.hasWaiting(endpointId),
  };

  let direct = false;
  const report = ({ reissued, parked, fedDirectly, queueAway, stuck }: ReconcileRound): void => {
    metrics.reissued.inc(reissued);
    metrics.fedDirectly.inc(fedDirectly);
    metrics.drift.set(queueAway ? Number.NaN : reissued + parked + stuck);
    if (reissued > 0) log.info('jobs made for due deliveries without one', { jobs: reissued });
    if (parked > 0) log.info('due deliveries parked, the queue has no room for them', { deliveries: parked });
    if (stuck > 0) log.warn('due deliveries whose jobs nobody takes', { deliveries: stuck });
    if (queueAway && !direct) log.warn('the queue is away: delivering from PostgreSQL', { deliveries: fedDirectly });
    if (!queueAway && direct) log.info('the queue is back');
    direct = queueAway;
  };

  /** Finds out how many jobs wait in the queue. @returns whether it answers */
  const measureQueue = (): Promise<boolean> =>
    producer.countJobs().then(
      ({ waiting = 0, delayed = 0 }) => {
        deps.retryRoom.measured(delayed);
        metrics.jobs.set({ state: 'waiting' }, waiting);
        metrics.jobs.set({ state: 'delayed' }, delayed);
        return true;
      },
      () => {
        metrics.jobs.reset();
        return false;
      },
    );
  const guard = createTakeOverGuard(() => performance.now());
  const beats = startBeating(deps, guard);
  const parkedFinder = startFindingParked(deps);
  const apart = (what: string, step: () => Promise<void>): Promise<void> =>
    stepApart(step, deps.logError(`reconciler: ${what}`));
  const takeOverStep = async (): Promise<void> => {
    if (!guard.mayTakeOver()) return;
    const interrupted = await takeOver(deps, beats.seenAtMs());
    metrics.interrupted.inc(interrupted);
    if (interrupted > 0) log.warn('attempts of dead dispatchers taken over', { attempts: interrupted });
  };

  let sweptTo = SWEEP_START;
  const sweep = (after: typeof sweptTo) => sweepHeld(database, after, MAX_LINES, openSpan.get());
  const sweepStep = async (): Promise<void> => {
    const { released, next } = await releaseLeftBehind({ ...dueDeps, sweep }, sweptTo);
    sweptTo = next;
    if (released > 0) log.info('held deliveries released that nobody was before any more', { deliveries: released });
  };

  const round = async (): Promise<number> => {
    // Beside the round: a queue that hangs must not hold it up.
    const answering = measureQueue();
    // What holds this up must not hold the rest up.
    if (guard.mayTakeOver())
      await endLeases(deps, beats.seenAtMs()).catch(deps.logError('reconciler: leases of the dead'));
    await apart('attempts of the dead', takeOverStep);
    await apart('the ledger', async () => void (await foldLedger(database)));
    await apart('the sums of statistics', () => foldSumChanges(database));
    await apart('the health of endpoints', () => noticeFailing(deps));
    await apart('held deliveries', sweepStep);
    const found = await reconcileDue(dueDeps, state);
    const done = { ...found, queueAway: found.queueAway || !(await answering) };
    state = done.next;
    report(done);
    if (done.stuck > 0) onStuck();
    return done.fedDirectly > 0 ? DIRECT_ROUND_MS : ROUND_MS;
  };
  const logError = deps.logError('reconciler');
  const rounds = runRounds(round, AFTER_ERROR_MS, (error) => {
    metrics.drift.set(Number.NaN);
    logError(error);
  });
  return {
    async stop() {
      await Promise.all([beats.stop(), parkedFinder.stop(), rounds.stop()]);
    },
  };
}
