/** Retries that wait in Redis at the most: 55 MB as measured. Others wait in PostgreSQL alone, and get their job once they are due. */
const MAX_WAITING_RETRIES = 50_000;
/** Shorter waits always get a job: one made by the reconciler may come two seconds late. */
const SHORT_WAIT_MS = 10_000;
/** Retries of a tenant are forgotten in steps of so much time, once they are due. */
const STEP_MS = 10_000;

/** Room for retries in Redis, so that it stays small however many deliveries wait for their next attempt. */
export interface RetryRoom {
  /** Told now and then how many wait there, whoever put them there. */
  measured(waiting: number): void;
  /** Takes the room for a tenant's retry after `delayMs`. @returns whether there was some */
  take(tenantId: string, delayMs: number): boolean;
}

/** How many retries each tenant has waiting, of those that were noted. */
function countByTenant(now: () => number) {
  const waiting = new Map<string, number>();
  /** By the step in which they are due. */
  const due = new Map<number, Map<string, number>>();
  let forgotten = Math.floor(now() / STEP_MS);

  const forget = (step: number): void => {
    for (const [tenantId, count] of due.get(step) ?? []) {
      const left = (waiting.get(tenantId) ?? 0) - count;
      if (left > 0) waiting.set(tenantId, left);
      else waiting.delete(tenantId);
    }
    due.delete(step);
  };

  return {
    of(tenantId: string): number {
      for (const past = Math.floor(now() / STEP_MS); forgotten < past; forgotten += 1) forget(forgotten);
      return waiting.get(tenantId) ?? 0;
    },
    note(tenantId: string, delayMs: number): void {
      const step = Math.floor((now() + delayMs) / STEP_MS);
      const inStep = due.get(step) ?? new Map<string, number>();
      due.set(step, inStep.set(tenantId, (inStep.get(tenantId) ?? 0) + 1));
      waiting.set(tenantId, (waiting.get(tenantId) ?? 0) + 1);
    },
  };
}

/**
 * A tenant may have as many retries waiting as are free after it, so one whose endpoints all fail leaves room to the others, whose
 * retries would else stand behind its own in the search for due rows.
 *
 * @param now a monotonic clock, ms
 */
export function createRetryRoom(now: () => number, maxWaiting = MAX_WAITING_RETRIES): RetryRoom {
  const tenants = countByTenant(now);
  let waiting = 0;
  return {
    measured(count) {
      waiting = count;
    },
    take(tenantId, delayMs) {
      if (delayMs > SHORT_WAIT_MS) {
        if (tenants.of(tenantId) >= maxWaiting - waiting) return false;
        tenants.note(tenantId, delayMs);
      }
      waiting += 1;
      return true;
    },
  };
}
