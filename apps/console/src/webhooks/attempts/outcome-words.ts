import type { AttemptOutcome } from '@posthorn/domain/delivery/attempt-outcome';

/** What each outcome is called. */
export const outcomeWords: Readonly<Record<AttemptOutcome, string>> = {
  succeeded: 'succeeded',
  rejected: 'rejected',
  timeout: 'timed out',
  network_error: 'network error',
  blocked: 'blocked',
  interrupted: 'interrupted',
};
