import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FIRST_WINDOW_REQUESTS, nextWindow } from '../src/endpoint/next-window.ts';

const play = (answers: readonly boolean[], limit: number, start = FIRST_WINDOW_REQUESTS): number =>
  answers.reduce((window, healthy) => nextWindow(window, healthy, limit), start);
const anyLimit = fc.integer({ min: 1, max: 1_000 });

describe("An endpoint's window", () => {
  test('grows by one with every healthy answer, up to the limit', () => {
    expect(play([true], 64)).toBe(FIRST_WINDOW_REQUESTS + 1);
    expect(
      play(
        Array.from({ length: 1_000 }, () => true),
        64,
      ),
    ).toBe(64);
  });

  test('halves with every other one, down to a single probe', () => {
    expect(
      [1, 2, 3, 4, 5].map((times) =>
        play(
          Array.from({ length: times }, () => false),
          64,
          16,
        ),
      ),
    ).toEqual([8, 4, 2, 1, 1]);
  });

  test('comes back from the probe', () => {
    expect(play([true, true, true], 64, 1)).toBe(4);
  });

  test('is never below one, nor above the limit once it answered', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1 }), anyLimit, (answers, limit) => {
        const window = play(answers, limit);
        expect(Number.isInteger(window)).toBe(true);
        expect(window).toBeGreaterThanOrEqual(1);
        if (answers.at(-1)) expect(window).toBeLessThanOrEqual(limit);
      }),
    );
  });

  test('of a limit that was lowered, by another dispatcher that joined, is kept at the next answer', () => {
    expect(nextWindow(64, true, 32)).toBe(32);
  });
});
