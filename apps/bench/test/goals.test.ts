import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { combineRuns, nameValues } from '../src/combine-runs.ts';
import { judgeGoals, tableOf } from '../src/goals.ts';
import { tableNumbers } from '../src/table-numbers.ts';

const verdictOf = (name: string, ...values: readonly number[]) => {
  const [figure = '', number = ''] = name.split('.');
  return judgeGoals(values.map((value) => ({ [figure]: { [number]: value } }))).find(
    (verdict) => verdict.name === name,
  );
};

describe('A goal', () => {
  test.each([
    ['drain.ratio', [0.5, 0.7, 0.6], true, false],
    ['drain.ratio', [0.9, 0.49, 0.9], false, false],
    ['drain.ratio', [0.7], true, true],
    ['latency_ms.p99', [50, 25, 24], true, false],
    ['latency_ms.p99', [25, 51], false, false],
    ['list_ms.ratio', [1.2, 1.1], true, true],
    ['dispatchers.ratio', [Number.NaN], false, false],
  ])('%s of %j holds only if every run reaches it', (name, values, held, nextHeld) => {
    expect(verdictOf(name, ...values)).toMatchObject({ values, held, nextHeld });
  });

  test('holds in no order of runs if it does not in another, and what comes after it holds only with it', () => {
    const ratios = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(ratios, (values) => {
        const verdict = verdictOf('drain.ratio', ...values);
        expect(verdict?.held).toBe(Math.min(...values) >= 0.5);
        expect(verdictOf('drain.ratio', ...values.toReversed())?.held).toBe(verdict?.held);
        expect(verdict?.nextHeld === true && !verdict.held).toBe(false);
      }),
    );
  });

  test('that a run has no number for has not held; of a figure that none measured nothing is said', () => {
    const runs = [{ drain: { ratio: 0.9, rss_mb: 100 } }, { drain: { ratio: 0.9 } }];
    const verdicts = judgeGoals(runs);
    expect(verdicts.map(({ name, held }) => [name, held])).toEqual([
      ['drain.ratio', true],
      ['drain.rss_mb', false],
    ]);
  });

  test('is a row with a column for each run', () => {
    const verdicts = judgeGoals([{ fan_out_ms: { jobs_ms: 40 } }, { fan_out_ms: { jobs_ms: 90 } }]);
    expect(tableOf(verdicts)).toEqual({
      'fan_out_ms.jobs_ms': { goal: 'at most 150', next: 50, 'run 1': 40, 'run 2': 90, held: 'yes', 'next held': 'no' },
    });
  });
});

describe('Several runs', () => {
  test('are one with the median of each number, and the widest spread', () => {
    const runs = [4, 9, 5].map((ratio) => ({ egress: { ratio, ratio_min: ratio - 1, ratio_max: ratio + 1 } }));
    expect(combineRuns(runs)).toEqual({ egress: { ratio: 5, ratio_min: 3, ratio_max: 10 } });
  });

  test('of one are that one', () => {
    const run = { drain: { ratio: 0.4, ratio_min: 0.3 }, latency_ms: { p50: 9 } };
    expect(combineRuns([run])).toEqual(run);
  });

  test('name what a drain came to beside the other figures', () => {
    const drain = { deliveries_per_s: 2_600, bare_got_per_s: 6_500, ratio: 0.4, rss_mb: 200 };
    expect(nameValues({ latency_ms: { p50: 9, p99: 30 }, drain })).toEqual({
      ...drain,
      latency_ms: { p50: 9, p99: 30 },
    });
    expect(Object.keys(nameValues({ list_ms: { ratio: 1 } }))).toEqual(['list_ms']);
  });

  test('are printed with each spread beside its median, and what is no spread by itself', () => {
    const numbers = { p99: 5, p99_min: 1, p99_max: 9, rss_mb: 200, rss_mb_min: 180, events_per_s: 50, wait_max: 3 };
    expect(tableNumbers(numbers)).toEqual({
      p99: { value: 5, min: 1, max: 9 },
      rss_mb: { value: 200, min: 180 },
      events_per_s: { value: 50 },
      wait_max: { value: 3 },
    });
  });
});
