/** A request's time to be answered. It does not run while the client is still sending. */
export interface Deadline {
  pause(): void;
  resume(): void;
  stop(): void;
}

/**
 * Runs `late` when the time is used up.
 *
 * @param budgetMs how long the work may take in all
 */
export function startDeadline(budgetMs: number, late: () => void): Deadline {
  let leftMs = budgetMs;
  let since = performance.now();
  let timer = setTimeout(late, leftMs);
  return {
    pause() {
      clearTimeout(timer);
      leftMs -= performance.now() - since;
    },
    resume() {
      since = performance.now();
      timer = setTimeout(late, Math.max(0, leftMs));
    },
    stop: () => clearTimeout(timer),
  };
}
