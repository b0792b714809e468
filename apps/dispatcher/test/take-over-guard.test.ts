import { expect, test } from '@jest/globals';
import { createTakeOverGuard } from '../src/reconcile/take-over-guard.ts';

function start() {
  let now = 0;
  const guard = createTakeOverGuard(() => now);
  /** Answers each second, each taking so long. @returns after how many seconds taking over was allowed */
  const answerUntilAllowed = (tookMs: number): number => {
    for (let second = 0; second <= 60; second += 1) {
      guard.answered(tookMs);
      if (guard.mayTakeOver()) return second;
      now += 1_000;
    }
    return Number.POSITIVE_INFINITY;
  };
  return { guard, answerUntilAllowed };
}

test('After an outage those who hold results go first for 8 s', () => {
  const { guard, answerUntilAllowed } = start();
  expect(guard.mayTakeOver()).toBe(false);
  expect(answerUntilAllowed(5)).toBe(8);
  guard.failed();
  expect(guard.mayTakeOver()).toBe(false);
  expect(answerUntilAllowed(5)).toBe(8);
});

test('A database that is always slow puts it off for 30 s, not for ever', () => {
  const { answerUntilAllowed } = start();
  expect(answerUntilAllowed(1_500)).toBe(30);
});
