import type { DeliveryJobRequest } from '@posthorn/queue/delivery-job';
import type { DueDelivery } from '@posthorn/store/engine/event-request';
import type { OrderingLine } from '@posthorn/store/engine/ordering-line';
import type { ReconcileDueDeps } from './reconcile-due.ts';

export interface ReleaseLeftBehindDeps extends Pick<ReconcileDueDeps, 'parkBeyondRoom' | 'settleRoom'> {
  readonly sweep: (after: OrderingLine) => Promise<{ readonly released: DueDelivery[]; readonly next: OrderingLine }>;
  readonly enqueue: (jobs: readonly DeliveryJobRequest[]) => Promise<void>;
}

/**
 * Releases what is held with nobody before it any more, which only a crash, a cancelled or taken-over delivery, or a changed
 * policy leaves; of what the queue does not take the scan of due rows takes care.
 *
 * @param after where the round before ended
 * @returns how many were released, and where the next round goes on
 */
export async function releaseLeftBehind(deps: ReleaseLeftBehindDeps, after: OrderingLine) {
  const { released, next } = await deps.sweep(after);
  const fitting = await deps.parkBeyondRoom(released);
  if (fitting !== null && fitting.length > 0) {
    const jobs = fitting.map(({ id, ...rest }) => ({ ...rest, deliveryId: id, delayMs: 0 }));
    const made = await deps.enqueue(jobs).then(
      () => true,
      () => false,
    );
    deps.settleRoom(jobs.length, made);
  }
  return { released: released.length, next };
}
