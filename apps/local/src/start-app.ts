import { type ChildProcess, spawn } from 'node:child_process';
import { pollUntil } from '@posthorn/local-services/poll-until';
import { stopProcess } from '@posthorn/local-services/stop-process';
import type { Running } from './keep-running.ts';
import type { Environment } from './read-config.ts';

const READY_TIMEOUT_MS = 60_000;
const READY_EVERY_MS = 25;
const ANSWER_TIMEOUT_MS = 5_000;
// The dispatcher may drain for 15 s and promises to be gone within 20.
const STOP_WAIT_MS = 22_000;

/** One of our own programs: its name for people, its flags and file, and where it says that it is ready. */
export interface AppPlan {
  name: string;
  /** What Node is started with. */
  flags: readonly string[];
  file: string;
  environment: Environment;
  readyUrl: string;
  /** Given up when this is aborted before it is ready. */
  stopping: AbortSignal;
}

/** A program of ours that answered its readiness probe. `kill` ends it on the spot. */
export interface RunningApp extends Running {
  kill(): void;
}

/**
 * Starts one of our programs and returns when it says that it is ready. It gets a session of its own, so that Ctrl-C
 * reaches the launcher alone, and an IPC channel, whose end tells it that the launcher is gone.
 * Throws when it ends before it is ready, or is not ready within a minute; its own output says why.
 */
export async function startApp(plan: AppPlan): Promise<RunningApp> {
  const child = spawn(process.execPath, [...plan.flags, plan.file], {
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: plan.environment,
  });
  const hasExited = () => child.exitCode !== null || child.signalCode !== null;
  const exited = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      resolve(`${plan.name} ended ${signal ? `by ${signal}` : `with exit code ${code}`}`),
    );
  });
  const stop = () => stopApp(child, hasExited);
  const settled = async () => hasExited() || plan.stopping.aborted || (await answersReady(plan.readyUrl));
  const inTime = await Promise.race([
    pollUntil(settled, { timeoutMs: READY_TIMEOUT_MS, everyMs: READY_EVERY_MS }),
    exited.then(() => true),
  ]);
  if (inTime && !hasExited() && !plan.stopping.aborted) return { exited, stop, kill: () => child.kill('SIGKILL') };
  const reason = hasExited()
    ? `${await exited} before it was ready`
    : `${plan.name} was not ready within ${READY_TIMEOUT_MS} ms`;
  await stop();
  plan.stopping.throwIfAborted();
  throw new Error(`${reason}. The reason is in its own lines above.`);
}

async function stopApp(child: ChildProcess, hasExited: () => boolean): Promise<void> {
  const steps = [
    { signal: 'SIGTERM' as const, waitMs: STOP_WAIT_MS },
    { signal: 'SIGKILL' as const, waitMs: 5_000 },
  ];
  if (child.pid !== undefined) await stopProcess(child.pid, steps, hasExited);
}

async function answersReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
