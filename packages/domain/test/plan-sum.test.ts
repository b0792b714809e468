import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { planSum, type SumProgress } from '../src/stats/plan-sum.ts';

const MINUTE_MS = 60_000;
const at = (minutes: number): Date => new Date(Date.UTC(2026, 10, 22) + minutes * MINUTE_MS);
const EARLIEST = at(-10_000);
const settled = (summed: number, now: number): SumProgress => ({
  now: at(now),
  notedBefore: at(summed),
  summedBefore: at(summed),
  settledBy: null,
  oldestRunning: 100n,
  next: 200n,
});
const underWay = (settledBy: bigint | null, oldestRunning = 100n): SumProgress => ({
  ...settled(0, 10),
  notedBefore: at(5),
  settledBy,
  oldestRunning,
});

describe('A time is summed', () => {
  test('in whole minutes, once they have been over for two', () => {
    expect(planSum(settled(0, 2.99), EARLIEST)).toEqual({ kind: 'idle' });
    expect(planSum(settled(0, 3), EARLIEST)).toEqual({ kind: 'begin', atLeast: at(1), until: at(1) });
    expect(planSum(settled(0, 9.5), EARLIEST)).toEqual({ kind: 'begin', atLeast: at(1), until: at(7) });
  });

  test('when all have ended that may not have known that its changes are noted', () => {
    expect(planSum(underWay(null), EARLIEST)).toEqual({ kind: 'settle' });
    expect(planSum(underWay(150n, 149n), EARLIEST)).toEqual({ kind: 'wait' });
    expect(planSum(underWay(150n, 150n), EARLIEST)).toEqual({ kind: 'sum' });
  });

  test('also of data that was restored from a server whose transactions had higher numbers', () => {
    expect(planSum(underWay(200n), EARLIEST)).toEqual({ kind: 'settle' });
    expect(planSum(underWay(5_000n), EARLIEST)).toEqual({ kind: 'settle' });
  });

  test('unless nobody asks for it any more', () => {
    expect(planSum(settled(0, 20_000), at(1))).toEqual({ kind: 'skip', to: at(1) });
    expect(planSum(settled(1, 20_000), at(1))).toMatchObject({ kind: 'begin' });
  });
});

test('Whatever the clock says, no time is begun that is not over, nor one that is summed', () => {
  const minutes = fc.double({ min: -1e5, max: 1e5, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: -1_000, max: 1_000 }), minutes, (summed, now) => {
      const step = planSum(settled(summed, now), EARLIEST);
      if (step.kind !== 'begin') return;
      expect(step.atLeast.getTime()).toBeGreaterThan(at(summed).getTime());
      expect(step.until.getTime()).toBeGreaterThanOrEqual(step.atLeast.getTime());
      expect(step.until.getTime()).toBeLessThanOrEqual(at(now).getTime() - 2 * MINUTE_MS);
    }),
  );
});
