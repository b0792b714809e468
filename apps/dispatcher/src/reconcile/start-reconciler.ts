import { performance } from 'node:perf_hooks';
import { encodeTypeId } from '@posthorn/domain/type-id';
import { beatDispatcher } from '@posthorn/store/engine/beat-dispatcher';
import { cancelBacklog } from '@posthorn/store/engine/cancel-backlog';
import type { DueDelivery } from '@posthorn/store/engine/event-request';
import { foldHealth } from '@posthorn/store/engine/fold-health';
import { foldLedger } from '@posthorn/store/engine/fold-ledger';
import { type DueCursor, listDueDeliveries } from '@posthorn/store/engine/list-due-deliveries';
import { listParkedEndpoints } from '@posthorn/store/engine/list-parked-endpoints';
import { renewGeneration } from '@posthorn/store/engine/renew-generation';
import { takeOverInterrupted } from '@posthorn/store/engine/take-over-interrupted';
import type { DispatcherDeps } from '../deps.ts';
import {
  DUE_GRACE_MS,
  MAX_ROWS_PER_PAGE,
  type ReconcileDueDeps,
  type ReconcileRound,
  reconcileDue,
} from './reconcile-due.ts';
import { type Rounds, runRounds } from './run-rounds.ts';

const ROUND_MS = 1_000;
/** While the queue is away rows are fed directly, and rounds follow each other quickly. */
const DIRECT_ROUND_MS = 50;
const AFTER_ERROR_MS = 1_000;
/** When the database answers again, those who still hold results to record go first: leases may have run out meanwhile. */
const TAKE_OVER_AFTER_MS = 3_000;
const SLOW_BEAT_MS = 1_000;
const MAX_PARKED_ENDPOINTS = 1_000;

/** Brings the health of endpoints up to date; what is open of one that failed for too long is cancelled. */
async function noticeFailing({ database, failurePolicy, log, logError }: DispatcherDeps): Promise<void> {
  const { disabled } = await foldHealth(database, failurePolicy);
  for (const id of disabled) {
    log.warn('endpoint disabled, it failed for too long', { endpoint: encodeTypeId('endpoint', id) });
    // Beside the round: a long backlog must not hold up what is due to others.
    cancelBacklog(database, id).catch(logError('cancelling a backlog'));
  }
}

/** Attempts due rows without the queue, as many as their endpoints have turns for. */
async function feedDirectly(deps: DispatcherDeps, rows: readonly DueDelivery[]): Promise<number> {
  const entered = rows.filter(({ endpointId }) => deps.gate.tryEnter(endpointId));
  const claims = await Promise.allSettled(
    entered.map(({ id, generation }) => deps.claim({ deliveryId: id, generation })),
  );
  let fed = 0;
  for (const [index, claim] of claims.entries()) {
    const endpointId = entered[index]?.endpointId ?? '';
    if (claim.status === 'rejected' || claim.value.kind !== 'claimed') deps.gate.leave(endpointId, null);
    else {
      fed += 1;
      void deps.deliverRow(claim.value.delivery);
    }
  }
  return fed;
}

/** Compares PostgreSQL with the queue for as long as the dispatcher runs, and repairs what it finds. */
export function startReconciler(deps: DispatcherDeps, dispatcherId: string): Rounds {
  const { database, producer, metrics, gate, log } = deps;
  let cursor: DueCursor | null = null;
  const dueDeps: ReconcileDueDeps = {
    listDue: (after) => listDueDeliveries(database, DUE_GRACE_MS, after, MAX_ROWS_PER_PAGE),
    findJobs: (jobs) => producer.findJobs(jobs),
    renewGeneration: (rows) => renewGeneration(database, rows),
    enqueue: (jobs) => producer.enqueue(jobs),
    feedDirectly: (rows) => feedDirectly(deps, rows),
  };

  let direct = false;
  const report = ({ reissued, fedDirectly, queueAway }: ReconcileRound, interrupted: number): void => {
    metrics.interrupted.inc(interrupted);
    metrics.reissued.inc(reissued);
    metrics.fedDirectly.inc(fedDirectly);
    metrics.drift.set(queueAway ? Number.NaN : reissued);
    if (interrupted > 0) log.warn('attempts of dead dispatchers taken over', { attempts: interrupted });
    if (reissued > 0) log.info('jobs made for due deliveries without one', { jobs: reissued });
    if (queueAway && !direct) log.warn('the queue is away: delivering from PostgreSQL', { deliveries: fedDirectly });
    if (!queueAway && direct) log.info('the queue is back');
    direct = queueAway;
  };

  const queueAnswers = (): Promise<boolean> =>
    producer.ping().then(
      () => true,
      () => false,
    );
  let answersSince: number | null = null;
  const takeOver = (beatMs: number) => {
    const now = performance.now();
    // An answer that took long is the first of a database that was away.
    if (answersSince === null || beatMs > SLOW_BEAT_MS) answersSince = now;
    if (now - answersSince < TAKE_OVER_AFTER_MS) return { interrupted: 0, due: [] };
    return takeOverInterrupted(database, deps.findProfile);
  };

  const round = async (): Promise<number> => {
    const startedAt = performance.now();
    // Beside the round: a queue that hangs must not hold it up.
    const answering = queueAnswers();
    const { nowMs, ...others } = await beatDispatcher(database, dispatcherId);
    gate.setDispatchers({ ...others, aheadMs: nowMs - performance.now() });
    const { interrupted, due } = await takeOver(performance.now() - startedAt);
    const jobs = due.map(({ id, ...rest }) => ({ ...rest, deliveryId: id, delayMs: 0 }));
    if (jobs.length > 0) await producer.enqueue(jobs).catch(deps.logError('jobs of interrupted attempts'));
    for (const endpointId of await listParkedEndpoints(database, MAX_PARKED_ENDPOINTS))
      gate.setParked(endpointId, true);
    await foldLedger(database);
    // Whatever is wrong with it, what is due must get its jobs.
    await noticeFailing(deps).catch(deps.logError('health of endpoints'));
    const found = await reconcileDue(dueDeps, cursor);
    const done = { ...found, queueAway: found.queueAway || !(await answering) };
    cursor = done.next;
    report(done, interrupted);
    return done.fedDirectly > 0 ? DIRECT_ROUND_MS : ROUND_MS;
  };
  const logError = deps.logError('reconciler');
  return runRounds(round, AFTER_ERROR_MS, (error) => {
    answersSince = null;
    metrics.drift.set(Number.NaN);
    logError(error);
  });
}
