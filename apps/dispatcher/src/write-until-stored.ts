import { setTimeout as delay } from 'node:timers/promises';

/** What could not be written is kept and tried again this often… */
const FIRST_RETRY_MS = 50;
const MAX_RETRY_MS = 500;
/** …for this long; after it the lease is taken over and the attempt reads `interrupted`. */
const GIVE_UP_MS = 600_000;

export interface WriteDeps {
  /** Whether the same write may succeed later. */
  readonly mayRetry: (error: unknown) => boolean;
  readonly now: () => number;
}

/** Writes what became of a claimed delivery, waiting out a database that is away: nobody else knows it. */
export async function writeUntilStored<Result>(
  { mayRetry, now }: WriteDeps,
  write: () => Promise<Result>,
): Promise<Result> {
  const giveUpAt = now() + GIVE_UP_MS;
  for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(MAX_RETRY_MS, waitMs * 2)) {
    try {
      return await write();
    } catch (error) {
      if (!mayRetry(error) || now() > giveUpAt) throw error;
      await delay(waitMs);
    }
  }
}
