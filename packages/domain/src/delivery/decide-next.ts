import type { Profile } from '@posthorn/wire/profile';
import type { AttemptOutcome } from './attempt-outcome.ts';
import { reasonToDisable } from './reason-to-disable.ts';
import { type RetrySchedule, retryDelay } from './retry-delay.ts';

/** The part of a profile that decides what follows an attempt. */
export type DeliveryPolicy = RetrySchedule &
  Pick<Profile, 'attempts' | 'onExhausted' | 'goneDisables' | 'keepsRetryAfter'>;

/** One finished attempt. */
export interface FinishedAttempt {
  readonly number: number;
  readonly outcome: AttemptOutcome;
  readonly responseStatus: number | null;
  readonly retryAfterMs: number | null;
}

/** What becomes of the delivery. `disable` is the reason for disabling the endpoint, where the profile says so. */
export type NextStep =
  | { readonly status: 'succeeded' }
  | { readonly status: 'retrying'; readonly delayMs: number }
  | { readonly status: 'failed'; readonly disable: string | null };

const STATUS_GONE = 410;
/** Statuses on which `Retry-After` is honoured. */
const THROTTLED = new Set([429, 503]);

/** Decides from the profile alone; `minuteMs` and `random` as in {@link retryDelay}. */
export function decideNext(
  policy: DeliveryPolicy,
  attempt: FinishedAttempt,
  chance: { readonly minuteMs: number; readonly random: number },
): NextStep {
  if (attempt.outcome === 'succeeded') return { status: 'succeeded' };
  if (attempt.responseStatus === STATUS_GONE && policy.goneDisables) {
    return { status: 'failed', disable: 'The endpoint answered 410 Gone' };
  }
  if (attempt.number >= policy.attempts) {
    return { status: 'failed', disable: reasonToDisable(policy, attempt.number) };
  }
  const throttled = policy.keepsRetryAfter && attempt.responseStatus !== null && THROTTLED.has(attempt.responseStatus);
  const retryAfterMs = throttled ? attempt.retryAfterMs : null;
  return { status: 'retrying', delayMs: retryDelay(policy, { ...chance, attempt: attempt.number, retryAfterMs }) };
}
