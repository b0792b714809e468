import type { DeliveryJob, DeliveryJobRequest } from '@posthorn/queue/delivery-job';
import type { FoundJob } from '@posthorn/queue/find-jobs';
import type { DueDelivery } from '@posthorn/store/engine/event-request';
import type { DueCursor, DuePage, OverdueDelivery } from '@posthorn/store/engine/list-due-deliveries';

/** A row that has been due this long without being claimed is looked at. */
export const DUE_GRACE_MS = 1_000;
/** A row that has been due this long although it has a job: the queue may hold the job and no list that leads to it. */
export const STUCK_JOB_MS = 15_000;
/** Rows looked at in one round. */
export const MAX_ROWS_PER_PAGE = 1_000;
const MAX_PAGES_PER_ROUND = 5;

export interface ReconcileDueDeps {
  readonly listDue: (after: DueCursor | null) => Promise<DuePage>;
  /** @throws when the queue cannot be reached */
  readonly findJobs: (jobs: readonly DeliveryJob[]) => Promise<FoundJob[]>;
  readonly renewGeneration: (rows: readonly DueDelivery[]) => Promise<DueDelivery[]>;
  /** Parks those that the queue has no room for. @returns the others; `null` when it cannot be reached */
  readonly parkBeyondRoom: (rows: readonly DueDelivery[]) => Promise<DueDelivery[] | null>;
  /** Of those others so many have a job now, or will not get one. */
  readonly settleRoom: (jobs: number, made: boolean) => void;
  /** @throws when the queue cannot be reached, or takes nothing (a Redis that is full, or a replica) */
  readonly enqueue: (jobs: readonly DeliveryJobRequest[]) => Promise<void>;
  /** Attempts what there is room for straight from these rows. @returns how many */
  readonly feedDirectly: (rows: readonly DueDelivery[]) => Promise<number>;
  /** Whether jobs of the endpoint wait here for its turn: then the queue works, and the endpoint is what is slow. */
  readonly hasWaiting: (endpointId: string) => boolean;
}

/** Where a scan stands, and how the queue took the last jobs. */
export interface ReconcileState {
  readonly cursor: DueCursor | null;
  /** It answers, and refuses new jobs. */
  readonly queueRefuses: boolean;
}

/** What one round did. */
export interface ReconcileRound {
  readonly reissued: number;
  readonly fedDirectly: number;
  /** Rows without a job that the queue had no room for; they are fed as parked ones from now on. */
  readonly parked: number;
  /** Rows that a job stands for, and that nobody attempts. */
  readonly stuck: number;
  /** Whether due rows were found for which the queue could not be used. */
  readonly queueAway: boolean;
  readonly next: ReconcileState;
}

interface PageDone {
  readonly reissued: number;
  readonly parked: number;
  readonly fedDirectly: number;
  readonly stuck: number;
  readonly queueAway: boolean;
  readonly queueRefuses: boolean;
}

const jobOf = (row: DueDelivery): DeliveryJob => ({
  deliveryId: row.id,
  tenantId: row.tenantId,
  endpointId: row.endpointId,
  generation: row.generation,
});

/** Makes new jobs. @returns the rows whose jobs the queue did not take, with their new generation */
async function reissue(deps: ReconcileDueDeps, orphans: readonly DueDelivery[]) {
  const renewed = orphans.length === 0 ? [] : await deps.renewGeneration(orphans);
  if (renewed.length === 0) return { reissued: 0, refused: [] };
  try {
    await deps.enqueue(renewed.map((row) => ({ ...jobOf(row), attemptLimit: row.attemptLimit, delayMs: 0 })));
    return { reissued: renewed.length, refused: [] };
  } catch {
    return { reissued: 0, refused: renewed };
  }
}

/** A queue that refused is tried with one job, so that it does not cost every row a write in every round. */
async function reissueOrProbe(deps: ReconcileDueDeps, orphans: readonly DueDelivery[], probe: boolean) {
  if (!probe) return reissue(deps, orphans);
  const first = await reissue(deps, orphans.slice(0, 1));
  const rest = orphans.slice(1);
  if (first.refused.length > 0) return { reissued: 0, refused: [...first.refused, ...rest] };
  const others = await reissue(deps, rest);
  return { reissued: first.reissued + others.reissued, refused: others.refused };
}

const NOTHING_DONE = { reissued: 0, parked: 0, fedDirectly: 0, stuck: 0 };

/** Makes jobs for rows whose room is taken, and says what became of the room. */
async function fillRoom(deps: ReconcileDueDeps, fitting: readonly DueDelivery[], probe: boolean) {
  let made = 0;
  try {
    const done = await reissueOrProbe(deps, fitting, probe);
    made = done.reissued;
    return done;
  } finally {
    deps.settleRoom(made, true);
    deps.settleRoom(fitting.length - made, false);
  }
}

/** One page of due rows: each must have a job that leads somewhere, or is attempted directly. */
async function reconcilePage(
  deps: ReconcileDueDeps,
  rows: readonly OverdueDelivery[],
  queueRefuses: boolean,
): Promise<PageDone> {
  const found = await deps.findJobs(rows.map(jobOf)).catch(() => null);
  if (found === null) {
    return { ...NOTHING_DONE, fedDirectly: await deps.feedDirectly(rows), queueAway: true, queueRefuses };
  }
  const orphans = rows.filter((_, index) => found[index] !== 'due');
  const fitting = await deps.parkBeyondRoom(orphans);
  if (fitting === null) {
    return { ...NOTHING_DONE, fedDirectly: await deps.feedDirectly(orphans), queueAway: true, queueRefuses };
  }
  const stuck = rows.filter(
    ({ overdueMs, endpointId }, index) =>
      found[index] === 'due' && overdueMs > STUCK_JOB_MS && !deps.hasWaiting(endpointId),
  );
  const { reissued, refused } = await fillRoom(deps, fitting, queueRefuses);
  const left = [...refused, ...stuck];
  return {
    reissued,
    parked: orphans.length - fitting.length,
    fedDirectly: left.length === 0 ? 0 : await deps.feedDirectly(left),
    stuck: stuck.length,
    queueAway: refused.length > 0,
    queueRefuses: refused.length > 0 || (queueRefuses && reissued === 0),
  };
}

/** Goes on through the due rows from where the last round ended; bounded, however long the backlog is. */
export async function reconcileDue(deps: ReconcileDueDeps, from: ReconcileState): Promise<ReconcileRound> {
  let { cursor, queueRefuses } = from;
  let reissued = 0;
  let parked = 0;
  let fedDirectly = 0;
  let stuck = 0;
  let queueAway = false;
  for (let page = 0; page < MAX_PAGES_PER_ROUND; page += 1) {
    const { rows, next } = await deps.listDue(cursor);
    if (rows.length > 0) {
      const done = await reconcilePage(deps, rows, queueRefuses);
      reissued += done.reissued;
      parked += done.parked;
      fedDirectly += done.fedDirectly;
      stuck += done.stuck;
      queueAway ||= done.queueAway;
      queueRefuses = done.queueRefuses;
    }
    cursor = next;
    if (next === null) break;
  }
  return { reissued, parked, fedDirectly, stuck, queueAway, next: { cursor, queueRefuses } };
}
