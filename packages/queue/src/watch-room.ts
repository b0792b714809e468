import type { QueueRoom } from './create-queue-room.ts';
import type { WaitingJobs } from './read-waiting.ts';

/** How often the queue is asked while jobs wait in it. */
const LOOK_MS = 50;

/** Measures how many jobs wait, as often as it matters and never because of a single one. */
export interface RoomWatch {
  /** Jobs were made: looks from now on, until none waits. Returns at once. */
  look(): void;
  stop(): void;
}

/**
 * Begins with a look at what others left there.
 *
 * @param read asks the queue which jobs wait; what it throws is taken for "not known yet"
 */
export function watchRoom(room: Pick<QueueRoom, 'measure' | 'waiting'>, read: () => Promise<WaitingJobs>): RoomWatch {
  let timer: NodeJS.Timeout | null = null;
  let known = false;
  let stopped = false;

  const measure = async (): Promise<void> => {
    const told = room.measure();
    const waiting = await read().catch(() => null);
    timer = null;
    if (waiting !== null) {
      told(waiting.count, waiting.next);
      known = true;
    }
    if (!known || room.waiting() > 0) look();
  };
  const look = (): void => {
    if (timer !== null || stopped) return;
    timer = setTimeout(() => void measure(), LOOK_MS).unref();
  };
  look();
  return {
    look,
    stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}
