import { expect, test } from '@jest/globals';
import { profiles } from '@posthorn/wire/profiles';
import { LEASE_MARGIN_MS, LONGEST_LEASE_MS } from '../src/lease-times.ts';
import { createTakeOverGuard } from '../src/reconcile/take-over-guard.ts';

function start() {
  let now = 0;
  const guard = createTakeOverGuard(() => now);
  /** Answers each second, each taking so long. @returns after how many seconds taking over was allowed */
  const answerUntilAllowed = (tookMs: number, jumpEverySeconds = Number.POSITIVE_INFINITY): number => {
    for (let second = 0; second <= 600; second += 1) {
      guard.answered(tookMs);
      if ((second + 1) % jumpEverySeconds === 0) guard.jumped();
      if (guard.mayTakeOver()) return second;
      now += 1_000;
    }
    return Number.POSITIVE_INFINITY;
  };
  const pass = (ms: number): void => {
    now += ms;
  };
  return { guard, answerUntilAllowed, pass };
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

test('After a jump of the clock nothing is taken over that may still be under way: not before the longest lease has ended', () => {
  const { guard, answerUntilAllowed } = start();
  answerUntilAllowed(5);
  guard.jumped();
  expect(answerUntilAllowed(5) * 1_000).toBe(LONGEST_LEASE_MS);
  for (const { name, timeoutMs } of profiles)
    expect([name, timeoutMs + LEASE_MARGIN_MS <= LONGEST_LEASE_MS]).toEqual([name, true]);
});

test('A jump is heeded in a database that is always slow as well', () => {
  const { guard, answerUntilAllowed } = start();
  answerUntilAllowed(1_500);
  guard.jumped();
  expect(answerUntilAllowed(1_500) * 1_000).toBe(LONGEST_LEASE_MS);
});

test('A clock that jumps all the time puts it off for five minutes, not for ever; once it was calm, a jump is heeded again', () => {
  const { guard, answerUntilAllowed, pass } = start();
  const firstJumpSecond = 4;
  expect(answerUntilAllowed(5, firstJumpSecond + 1)).toBe(firstJumpSecond + 300);
  pass(LONGEST_LEASE_MS);
  guard.jumped();
  expect(answerUntilAllowed(5) * 1_000).toBe(LONGEST_LEASE_MS);
});
