import { setTimeout as delay } from 'node:timers/promises';
import type { AttemptRecord, RecordResult } from '@posthorn/store/engine/record-attempts';

/** An attempt that could not be recorded is kept and tried again this often… */
const FIRST_RETRY_MS = 50;
const MAX_RETRY_MS = 500;
/** …for this long; after it the lease is taken over and the attempt reads `interrupted`. */
const GIVE_UP_MS = 600_000;

export interface RecordDeps {
  readonly record: (record: AttemptRecord) => Promise<RecordResult>;
  /** Whether the same write may succeed later. */
  readonly mayRetry: (error: unknown) => boolean;
  readonly now: () => number;
}

/** Records an attempt, waiting out a database that is away: the request is sent and must not be forgotten. */
export async function recordUntilStored(deps: RecordDeps, record: AttemptRecord): Promise<RecordResult> {
  const giveUpAt = deps.now() + GIVE_UP_MS;
  for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(MAX_RETRY_MS, waitMs * 2)) {
    try {
      return await deps.record(record);
    } catch (error) {
      if (!deps.mayRetry(error) || deps.now() > giveUpAt) throw error;
      await delay(waitMs);
    }
  }
}
