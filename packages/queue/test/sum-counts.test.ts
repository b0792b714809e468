import { expect, test } from '@jest/globals';
import { sumCounts } from '../src/sum-counts.ts';

test('What waits in each shard adds up', () => {
  expect(sumCounts([0, 3, 4])).toBe(7);
  expect(sumCounts([])).toBe(0);
});

test.each([undefined, null, '1', 'a job', Number.NaN, 0.5])('%p is no count, and adds up to nothing', (answer) => {
  expect(() => sumCounts([1, answer])).toThrow(`Redis answered ${String(answer)} where it was asked how many wait`);
});
