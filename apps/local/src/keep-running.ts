import { setTimeout as sleep } from 'node:timers/promises';

const MAX_RESTARTS = 5;
const RESTART_WINDOW_MS = 60_000;
const FIRST_BACKOFF_MS = 250;
const MAX_BACKOFF_MS = 4_000;

/** Something that runs until it ends (`exited`, with a sentence) or is stopped. */
export interface Running {
  exited: Promise<string>;
  stop(): Promise<void>;
}

/** What to keep running, whom to tell, and what to do when it will not stay up. */
export interface KeepPlan<Part extends Running> {
  name: string;
  /** Gets what ran first when it starts again, so that it can take the same port. */
  start: (before?: Part) => Promise<Part>;
  say: (line: string) => void;
  giveUp: (reason: string) => void;
}

/**
 * Starts something and starts it again whenever it ends by itself, after a growing pause. When that happens more than
 * five times within a minute, `giveUp` is called once with the reason. Throws when the very first start fails.
 */
export async function keepRunning<Part extends Running>(
  plan: KeepPlan<Part>,
): Promise<{ first: Part; stop(): Promise<void> }> {
  const first = await plan.start();
  const stopping = new AbortController();
  let current: Part | undefined = first;
  const watching = (async () => {
    const endings: number[] = [];
    while (!stopping.signal.aborted) {
      const reason: string = current ? await current.exited : `${plan.name} did not start again`;
      if (stopping.signal.aborted) return;
      const recent = countRecent(endings);
      if (recent > MAX_RESTARTS)
        return plan.giveUp(`${reason}. It was started ${MAX_RESTARTS} times in a minute: giving up.`);
      plan.say(`${reason}; starting it again (${recent} of ${MAX_RESTARTS})`);
      await sleep(Math.min(FIRST_BACKOFF_MS * 2 ** (recent - 1), MAX_BACKOFF_MS), undefined, stopping).catch(
        () => undefined,
      );
      if (!stopping.signal.aborted) current = await startAgain(plan, first);
    }
  })();
  const stop = async () => {
    stopping.abort();
    await current?.stop();
    await watching;
    await current?.stop();
  };
  return { first, stop };
}

function countRecent(endings: number[]): number {
  const now = Date.now();
  endings.push(now);
  while ((endings[0] ?? now) < now - RESTART_WINDOW_MS) endings.shift();
  return endings.length;
}

async function startAgain<Part extends Running>(plan: KeepPlan<Part>, before: Part): Promise<Part | undefined> {
  try {
    return await plan.start(before);
  } catch (error) {
    plan.say(`${plan.name}: ${(error as Error).message}`);
    return undefined;
  }
}
