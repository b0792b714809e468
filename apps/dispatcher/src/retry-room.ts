/** Retries that wait in Redis at the most: 55 MB as measured. Others wait in PostgreSQL alone, and get their job once they are due. */
const MAX_WAITING_RETRIES = 50_000;
/** Shorter waits always get a job: one made by the reconciler may come two seconds late. */
const SHORT_WAIT_MS = 10_000;

/** Room for retries in Redis, so that it stays small however many deliveries wait for their next attempt. */
export interface RetryRoom {
  /** Told now and then how many wait there, whoever put them there. */
  measured(waiting: number): void;
  /** Takes the room for a retry after `delayMs`. @returns whether there was some */
  take(delayMs: number): boolean;
}

export function createRetryRoom(maxWaiting = MAX_WAITING_RETRIES): RetryRoom {
  let waiting = 0;
  return {
    measured(now) {
      waiting = now;
    },
    take(delayMs) {
      if (delayMs > SHORT_WAIT_MS && waiting >= maxWaiting) return false;
      waiting += 1;
      return true;
    },
  };
}
