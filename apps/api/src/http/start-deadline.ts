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
  let endsAt = performance.now() + budgetMs;
  let pausedAt: number | null = null;
  // Most requests are answered long before: their one timer is left as it is, and looks at the time when it runs.
  let timer: NodeJS.Timeout | null = setTimeout(look, budgetMs);
  function look(): void {
    timer = null;
    if (pausedAt !== null) return;
    const leftMs = endsAt - performance.now();
    if (leftMs > 0) timer = setTimeout(look, leftMs);
    else late();
  }
  return {
    pause() {
      pausedAt = performance.now();
    },
    resume() {
      if (pausedAt === null) return;
      endsAt += performance.now() - pausedAt;
      pausedAt = null;
      timer ??= setTimeout(look, Math.max(0, endsAt - performance.now()));
    },
    stop() {
      if (timer) clearTimeout(timer);
    },
  };
}
