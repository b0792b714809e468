import type { QueueRoom } from '@posthorn/queue/create-queue-room';
import type { WaitingJobs } from '@posthorn/queue/read-waiting';
import type { DueDelivery } from '@posthorn/store/engine/event-request';

export interface ParkBeyondRoomDeps {
  readonly room: Pick<QueueRoom, 'take' | 'measure' | 'settle'>;
  /** Jobs that wait in the queue now. @throws when it cannot be reached */
  readonly readWaiting: () => Promise<WaitingJobs>;
  readonly park: (rows: readonly DueDelivery[]) => Promise<void>;
}

/**
 * Of rows that want a job, lets those wait in PostgreSQL that the queue has no room for.
 *
 * @returns the others, whose room is taken; `null` when the queue cannot be reached, and then none is parked
 */
export async function parkBeyondRoom(
  deps: ParkBeyondRoomDeps,
  rows: readonly DueDelivery[],
): Promise<DueDelivery[] | null> {
  if (rows.length === 0) return [];
  const told = deps.room.measure();
  const waiting = await deps.readWaiting().catch(() => null);
  if (waiting === null) return null;
  told(waiting.count, waiting.next);
  const fitting: DueDelivery[] = [];
  const beyond: DueDelivery[] = [];
  for (const row of rows) (deps.room.take(row) ? fitting : beyond).push(row);
  try {
    if (beyond.length > 0) await deps.park(beyond);
  } catch (error) {
    // Their jobs will not be made: the room would be taken for ever.
    deps.room.settle(fitting.length, false);
    throw error;
  }
  return fitting;
}
