import { pollUntil } from './poll-until.ts';

const CHECK_EVERY_MS = 20;

/** One thing to try: a signal, and how long to wait for the process to end after it. */
export interface StopStep {
  signal: NodeJS.Signals;
  waitMs: number;
}

/**
 * Sends the signals of `steps` one after the other until `hasEnded` answers true.
 * Throws when the process outlives the last of them.
 */
export async function stopProcess(pid: number, steps: StopStep[], hasEnded: () => boolean): Promise<void> {
  for (const step of steps) {
    if (hasEnded()) return;
    signalIfAlive(pid, step.signal);
    if (await pollUntil(hasEnded, { timeoutMs: step.waitMs, everyMs: CHECK_EVERY_MS })) return;
  }
  throw new Error(`Process ${pid} did not end, not even after ${steps.at(-1)?.signal}.`);
}

function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
