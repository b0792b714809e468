import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createDraw, shuffled } from '../src/parts/create-draw.ts';
import { percentile, ratios, spread, spreadEach } from '../src/parts/summarize.ts';
import { takeInTurn } from '../src/parts/take-in-turn.ts';

const numbers = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1, maxLength: 50, size: 'max' });
const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe('What rounds come to', () => {
  test('a percentile is one of the values, with that part of them below or at it', () => {
    fc.assert(
      fc.property(numbers, fc.double({ min: 0, max: 1, noNaN: true }), (values, part) => {
        const found = percentile(values, part);
        expect(values).toContain(found);
        expect(values.filter((value) => value <= found).length).toBeGreaterThanOrEqual(part * values.length);
        expect(values.filter((value) => value < found).length).toBeLessThan(Math.max(1, part * values.length));
      }),
    );
  });

  test('a spread names the median, the least and the greatest, whatever the order', () => {
    expect(spread('ratio', [0.4567, 0.2, 0.9], 2)).toEqual({ ratio: 0.46, ratio_min: 0.2, ratio_max: 0.9 });
    fc.assert(
      fc.property(numbers, (values) => {
        const { n, n_min: least, n_max: greatest } = spread('n', values);
        expect([least, greatest]).toEqual([Math.min(...values), Math.max(...values)]);
        expect(values).toContain(n);
        expect(spread('n', values.toReversed())).toEqual(spread('n', values));
      }),
    );
  });

  test('rounds of several numbers are spread number by number, and one that a round lacks is left out there', () => {
    const rounds = [{ sql: 90, gc: 10 }, { sql: 94 }, { sql: 92, gc: 30 }];
    expect(spreadEach(rounds)).toEqual({ sql: 92, sql_min: 90, sql_max: 94, gc: 10, gc_min: 10, gc_max: 30 });
  });

  test('a ratio is taken within its round', () => {
    expect(ratios([10, 30], [20, 10])).toEqual([0.5, 3]);
  });
});

describe('What is left to chance', () => {
  test('is the same for the same seed, and within its bounds', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 100 }), (seed, below) => {
        const [one, other] = [createDraw(seed), createDraw(seed)];
        for (let index = 0; index < 20; index += 1) {
          const drawn = one(below);
          expect(drawn).toBe(other(below));
          expect(drawn).toBeGreaterThanOrEqual(0);
          expect(drawn).toBeLessThan(below);
        }
      }),
    );
  });

  test('an order that is drawn holds every item once', () => {
    fc.assert(
      fc.property(seeds, numbers, (seed, items) => {
        const sorted = (values: readonly number[]) => values.toSorted((a, b) => a - b);
        expect(sorted(shuffled(createDraw(seed), items))).toEqual(sorted(items));
      }),
    );
  });

  test('what is compared is measured once a round, in either order, and its rounds keep their places', async () => {
    const order: string[] = [];
    const measure = (name: string) => {
      let round = 0;
      return () => {
        order.push(name);
        round += 1;
        return Promise.resolve(`${name}${round}`);
      };
    };
    const rounds = 20;
    const results = await takeInTurn(createDraw(7), rounds, [measure('a'), measure('b')]);
    expect(results.map((each) => each.length)).toEqual([rounds, rounds]);
    expect(results.map((each) => each.at(-1))).toEqual([`a${rounds}`, `b${rounds}`]);
    const pairs = Array.from({ length: rounds }, (_, round) => order.slice(2 * round, 2 * round + 2).join(''));
    expect(new Set(pairs)).toEqual(new Set(['ab', 'ba']));
  });
});
