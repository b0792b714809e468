import { describe, expect, test } from '@jest/globals';
import { connectDomain } from '@posthorn/wire/profiles/connect-domain';
import { standardWebhooks } from '@posthorn/wire/profiles/standard-webhooks';
import fc from 'fast-check';
import { type RetryDelayInput, type RetrySchedule, retryDelay } from '../src/delivery/retry-delay.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const delay = (schedule: RetrySchedule, over: Partial<RetryDelayInput>): number =>
  retryDelay(schedule, { attempt: 1, minuteMs: MINUTE, retryAfterMs: null, random: 0.5, ...over });

const anySchedule: fc.Arbitrary<RetrySchedule> = fc.record({
  waitsMinutes: fc.array(fc.double({ min: 0, max: 1_000, noNaN: true }), { maxLength: 12, size: 'max' }),
  waitCapMinutes: fc.integer({ min: 1, max: 2_000 }),
  jitter: fc.constantFrom(0, 0.1, 0.2, 0.5),
});
const anyInput: fc.Arbitrary<RetryDelayInput> = fc.record({
  attempt: fc.integer({ min: 1, max: 30 }),
  minuteMs: fc.integer({ min: 1, max: MINUTE }),
  retryAfterMs: fc.option(fc.integer({ min: 0, max: 100 * HOUR })),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});

describe('connect-domain', () => {
  test('waits 1, 2, 4, 8 and 16 minutes, exactly', () => {
    for (const random of [0, 0.5, 0.999_999]) {
      const waits = [1, 2, 4, 8, 16].map((_, index) => delay(connectDomain, { attempt: index + 1, random }));
      expect(waits).toEqual([1, 2, 4, 8, 16].map((minutes) => minutes * MINUTE));
    }
  });

  test('RETRY_MINUTE_MS compresses the waits and nothing else', () => {
    const waits = [1, 2, 3, 4, 5].map((attempt) => delay(connectDomain, { attempt, minuteMs: 10 }));
    expect(waits).toEqual([10, 20, 40, 80, 160]);
    expect(delay(connectDomain, { minuteMs: 10, retryAfterMs: 500 })).toBe(500);
  });

  test('an attempt beyond the schedule keeps the last wait', () => {
    expect(delay(connectDomain, { attempt: 6 })).toBe(16 * MINUTE);
    expect(delay(connectDomain, { attempt: 99 })).toBe(16 * MINUTE);
  });
});

describe('standard-webhooks', () => {
  const waits = [5_000, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR];
  test.each(waits.map((ms, index) => ({ attempt: index + 1, ms })))(
    'after attempt $attempt about $ms ms, 20 % either way',
    ({ attempt, ms }) => {
      expect(delay(standardWebhooks, { attempt, random: 0 })).toBe(Math.round(ms * 0.8));
      expect(delay(standardWebhooks, { attempt, random: 0.5 })).toBe(ms);
      const longest = delay(standardWebhooks, { attempt, random: 1 - Number.EPSILON });
      expect(longest).toBe(Math.round(ms * 1.2));
    },
  );
});

describe('Retry-After', () => {
  const cases: [wishMs: number | null, ms: number][] = [
    [null, MINUTE],
    [0, MINUTE],
    [MINUTE - 1, MINUTE],
    [MINUTE, MINUTE],
    [MINUTE + 1, MINUTE + 1],
    [59 * MINUTE, 59 * MINUTE],
    [60 * MINUTE, 60 * MINUTE],
    [61 * MINUTE, 60 * MINUTE],
    [Number.MAX_SAFE_INTEGER, 60 * MINUTE],
  ];
  test.each(cases)('a wish of %j ms after the first attempt of connect-domain gives %d ms', (retryAfterMs, ms) => {
    expect(delay(connectDomain, { retryAfterMs })).toBe(ms);
  });
});

describe('Any schedule', () => {
  test('gives whole ms, none negative, none beyond the cap and its jitter', () => {
    fc.assert(
      fc.property(anySchedule, anyInput, (schedule, input) => {
        const ms = retryDelay(schedule, input);
        expect(Number.isInteger(ms)).toBe(true);
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThanOrEqual(Math.round(schedule.waitCapMinutes * input.minuteMs * (1 + schedule.jitter)));
      }),
    );
  });

  test('is never shortened by Retry-After', () => {
    fc.assert(
      fc.property(anySchedule, anyInput, (schedule, input) => {
        expect(retryDelay(schedule, input)).toBeGreaterThanOrEqual(
          retryDelay(schedule, { ...input, retryAfterMs: null }),
        );
      }),
    );
  });

  test('without jitter does not depend on chance', () => {
    fc.assert(
      fc.property(
        anySchedule,
        anyInput,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (any, input, random) => {
          const schedule = { ...any, jitter: 0 };
          expect(retryDelay(schedule, { ...input, random })).toBe(retryDelay(schedule, input));
        },
      ),
    );
  });
});
