import type { Logger } from '@posthorn/runtime/create-logger';

const LOG_EVERY_MS = 5_000;

/** An error listener for connections to Redis that says the same thing only once in a while. */
export function logRedisTrouble(log: Logger): (error: Error) => void {
  let quietUntil = 0;
  return (error) => {
    if (Date.now() < quietUntil) return;
    quietUntil = Date.now() + LOG_EVERY_MS;
    log.warn('redis connection trouble', { error_code: (error as NodeJS.ErrnoException).code ?? error.name });
  };
}
