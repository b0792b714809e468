import type { FoundJob } from '@posthorn/queue/create-producer';
import type { DeliveryJob, DeliveryJobRequest } from '@posthorn/queue/delivery-job';
import type { DueDelivery } from '@posthorn/store/engine/event-request';
import type { DueCursor, DuePage } from '@posthorn/store/engine/list-due-deliveries';

/** A row that has been due this long without being claimed is looked at. */
export const DUE_GRACE_MS = 1_000;
/** Rows looked at in one round. */
export const MAX_ROWS_PER_PAGE = 1_000;
const MAX_PAGES_PER_ROUND = 5;

export interface ReconcileDueDeps {
  readonly listDue: (after: DueCursor | null) => Promise<DuePage>;
  /** @throws when the queue cannot be reached */
  readonly findJobs: (jobs: readonly DeliveryJob[]) => Promise<FoundJob[]>;
  readonly renewGeneration: (rows: readonly DueDelivery[]) => Promise<DueDelivery[]>;
  readonly enqueue: (jobs: readonly DeliveryJobRequest[]) => Promise<void>;
  /** The queue cannot be reached: attempt what there is room for straight from these rows. @returns how many */
  readonly feedDirectly: (rows: readonly DueDelivery[]) => Promise<number>;
}

/** What one round did. */
export interface ReconcileRound {
  readonly reissued: number;
  readonly fedDirectly: number;
  /** Whether due rows were found and the queue could not be asked about them. */
  readonly queueAway: boolean;
  readonly next: DueCursor | null;
}

const jobOf = (row: DueDelivery): DeliveryJob => ({
  deliveryId: row.id,
  endpointId: row.endpointId,
  generation: row.generation,
});

/** Makes jobs for rows whose jobs are gone, or put off by a clock that is wrong. @throws when the queue cannot be reached */
async function reissue(deps: ReconcileDueDeps, rows: readonly DueDelivery[]): Promise<number> {
  const found = await deps.findJobs(rows.map(jobOf));
  const orphans = rows.filter((_, index) => found[index] !== 'due');
  if (orphans.length === 0) return 0;
  const renewed = await deps.renewGeneration(orphans);
  await deps.enqueue(renewed.map((row) => ({ ...jobOf(row), attemptLimit: row.attemptLimit, delayMs: 0 })));
  return renewed.length;
}

/** One page of due rows: each must have a job, or is attempted directly while the queue is away. */
async function reconcilePage(
  deps: ReconcileDueDeps,
  rows: readonly DueDelivery[],
): Promise<Omit<ReconcileRound, 'next'>> {
  try {
    return { reissued: await reissue(deps, rows), fedDirectly: 0, queueAway: false };
  } catch {
    return { reissued: 0, fedDirectly: await deps.feedDirectly(rows), queueAway: true };
  }
}

/** Goes on through the due rows from where the last round ended; bounded, however long the backlog is. */
export async function reconcileDue(deps: ReconcileDueDeps, from: DueCursor | null): Promise<ReconcileRound> {
  let cursor = from;
  let reissued = 0;
  let fedDirectly = 0;
  let queueAway = false;
  for (let page = 0; page < MAX_PAGES_PER_ROUND; page += 1) {
    const { rows, next } = await deps.listDue(cursor);
    if (rows.length > 0) {
      const done = await reconcilePage(deps, rows);
      reissued += done.reissued;
      fedDirectly += done.fedDirectly;
      queueAway ||= done.queueAway;
    }
    cursor = next;
    if (next === null) break;
  }
  return { reissued, fedDirectly, queueAway, next: cursor };
}
