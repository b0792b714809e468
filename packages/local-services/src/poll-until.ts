import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks `check` again and again until it answers true.
 * Returns true as soon as it does, false when `timeoutMs` have passed first. What `check` throws ends the wait.
 */
export async function pollUntil(
  check: () => boolean | Promise<boolean>,
  limits: { timeoutMs: number; everyMs: number },
): Promise<boolean> {
  const deadline = Date.now() + limits.timeoutMs;
  while (!(await check())) {
    if (Date.now() >= deadline) return false;
    await sleep(limits.everyMs);
  }
  return true;
}
