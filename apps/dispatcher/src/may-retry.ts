import { Overloaded } from '@posthorn/runtime/overloaded';
import { isRetryable, isUnavailable } from '@posthorn/store/is-unavailable';

/** Whether the same statement may succeed later: the database is away, gave up a deadlock, or too much waits for it. */
export const mayRetry = (error: unknown): boolean =>
  isUnavailable(error) || isRetryable(error) || error instanceof Overloaded;
