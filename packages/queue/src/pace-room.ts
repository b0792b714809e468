/** The job that is taken next. */
export interface NextJob {
  readonly id: string;
  /** Ms since it was made. */
  readonly waitedMs: number;
}

/** Waiting so long is no reason to hold anybody back. */
const LATE_MS = 100;
/** Where jobs wait for longer, so many may wait as are taken in this time; a tenant alone has a fifth of them. */
const HORIZON_MS = 500;
/** So many may wait however slowly they are taken. */
const MIN_WAITING = 250;
/** Within this time of no late job twice as many may wait. */
const DOUBLES_IN_MS = 250;

/** How many jobs may wait so that none waits for long. */
export interface RoomPace {
  limit(): number;
  /** @param next `null` where none waits, or none that tells how long a new one will */
  told(waiting: number, next: NextJob | null): void;
}

/**
 * A queue that is first in, first out is as long in time as its next job has waited. Whoever posts without a pause fills what
 * there is, so that is bounded by the pace at which jobs are taken. While none is taken, nothing is known of that.
 *
 * @param maxWaiting the limit while jobs are taken as they come
 * @param now ms, of a clock that never goes back
 */
export function paceRoom(maxWaiting: number, now: () => number): RoomPace {
  let known = maxWaiting;
  let knownAt = now();
  let lastId: string | null = null;
  const limit = (): number => Math.min(maxWaiting, known * 2 ** ((now() - knownAt) / DOUBLES_IN_MS));
  return {
    limit,
    told(waiting, next) {
      const isHeldUp = next !== null && next.id === lastId;
      // Where none was next before, it may have waited for this look alone.
      const isTaken = next !== null && lastId !== null && !isHeldUp;
      if (!isHeldUp) known = limit();
      if (isTaken && next.waitedMs > LATE_MS)
        known = Math.min(known, Math.max(MIN_WAITING, (waiting * HORIZON_MS) / next.waitedMs));
      knownAt = now();
      lastId = next?.id ?? null;
    },
  };
}
