import type { Profile } from '@posthorn/wire/profile';

/** The part of a profile that fixes when a failed delivery is tried again. */
export type RetrySchedule = Pick<Profile, 'waitsMinutes' | 'waitCapMinutes' | 'jitter'>;

/** What a wait depends on. */
export interface RetryDelayInput {
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  /** Length of one minute of the schedule, in ms (`RETRY_MINUTE_MS`). */
  readonly minuteMs: number;
  /** What the receiver wished for with `Retry-After`, in real ms; not scaled by `minuteMs`. */
  readonly retryAfterMs: number | null;
  /** 0 ≤ random < 1; used only where the schedule has jitter. */
  readonly random: number;
}

/**
 * Milliseconds from now to the attempt after `attempt`.
 *
 * A later wish of the receiver is kept, up to the schedule's cap; an earlier one never shortens the wait.
 */
export function retryDelay(schedule: RetrySchedule, input: RetryDelayInput): number {
  const capMs = schedule.waitCapMinutes * input.minuteMs;
  const last = schedule.waitsMinutes.length - 1;
  const minutes = schedule.waitsMinutes[Math.min(input.attempt - 1, last)] ?? schedule.waitCapMinutes;
  const spread = 1 + schedule.jitter * (2 * input.random - 1);
  const scheduledMs = Math.min(minutes * input.minuteMs, capMs) * spread;
  const wishedMs = Math.min(input.retryAfterMs ?? 0, capMs);
  return Math.round(Math.max(scheduledMs, wishedMs));
}
