import { LONGEST_LEASE_MS } from '../lease-times.ts';

/**
 * When the database answers again, those who still hold results to record go first, since leases may have run out meanwhile:
 * a connection attempt (2 s), a statement's limit (5 s) and the wait between two tries (0.5 s).
 */
const TAKE_OVER_AFTER_MS = 8_000;
/** An answer that took longer is the first of a database that hung. */
const SLOW_ANSWER_MS = 1_000;
/** One that is always slow does not put it off for ever. */
const TAKE_OVER_AT_LAST_MS = 30_000;
/** Nor does a clock that jumps again and again before the longest lease has ended. */
const DESPITE_JUMPS_MS = 300_000;

/** Knows from how the database answered lately whether leases that ran out may be taken over. */
export interface TakeOverGuard {
  /** @param tookMs how long the database's answer took */
  answered(tookMs: number): void;
  failed(): void;
  /** By the database's clock leases may have run out whose requests are still under way. */
  jumped(): void;
  mayTakeOver(): boolean;
}

/** @param now a clock that never goes back, in ms */
export function createTakeOverGuard(now: () => number): TakeOverGuard {
  let answersSince: number | null = null;
  let slowAt = Number.NEGATIVE_INFINITY;
  let jumpedAt = Number.NEGATIVE_INFINITY;
  /** The first of jumps that follow each other within a lease. */
  let jumpsSince = Number.NEGATIVE_INFINITY;
  const leasesHaveEnded = (): boolean => now() - jumpedAt >= LONGEST_LEASE_MS;
  return {
    answered(tookMs) {
      answersSince ??= now();
      if (tookMs > SLOW_ANSWER_MS) slowAt = now();
    },
    failed() {
      answersSince = null;
    },
    jumped() {
      if (leasesHaveEnded()) jumpsSince = now();
      jumpedAt = now();
    },
    mayTakeOver() {
      if (answersSince === null) return false;
      if (!leasesHaveEnded() && now() - jumpsSince < DESPITE_JUMPS_MS) return false;
      const calmMs = now() - Math.max(answersSince, slowAt);
      return calmMs >= TAKE_OVER_AFTER_MS || now() - answersSince >= TAKE_OVER_AT_LAST_MS;
    },
  };
}
