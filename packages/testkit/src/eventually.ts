import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 20;
const DEFAULT_TIMEOUT_MS = 15_000;

/**
 * Waits until `check` no longer throws and does not return false.
 *
 * @returns what it returned
 * @throws its last failure when the time is up
 */
export async function eventually<Result>(
  check: () => Result | Promise<Result>,
  timeoutMs = DEFAULT_TIMEOUT_MS,
): Promise<Exclude<Result, false>> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    try {
      const result = await check();
      if (result !== false) return result as Exclude<Result, false>;
      throw new Error(`Still false after ${timeoutMs} ms: ${check.toString()}`);
    } catch (error) {
      if (Date.now() > until) throw error;
    }
    await delay(POLL_MS);
  }
}
