import type { Logger } from './create-logger.ts';

/** What a process does when it is asked to stop. */
export interface StopPlan {
  readonly log: Logger;
  /** Ends the process's work in order: take nothing new, finish, close. */
  readonly stop: (reason: string) => Promise<void>;
  /** Exit anyway after this long, in ms. */
  readonly deadlineMs: number;
}

/**
 * Runs the plan once on SIGTERM, SIGINT, or when the parent that started this process with an IPC channel is gone.
 * Exits 0 when it ended in time, 1 when it failed or the deadline passed. A bug (an error nobody caught) exits 1.
 */
export function stopOnSignal({ log, stop, deadlineMs }: StopPlan): void {
  let stopping = false;
  const begin = async (reason: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info('stopping', { reason });
    setTimeout(() => {
      log.error('stopping took too long', { deadline_ms: deadlineMs });
      process.exit(1);
    }, deadlineMs).unref();
    try {
      await stop(reason);
      log.info('stopped');
      process.exit(0);
    } catch (error) {
      log.error('stopping failed', { error: String(error) });
      process.exit(1);
    }
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void begin(signal));
  process.on('disconnect', () => void begin('parent gone'));
  process.on('uncaughtException', (error) => {
    log.error('uncaught error', { error: error.stack ?? String(error) });
    process.exit(1);
  });
}
