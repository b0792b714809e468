import { expect, test } from '@jest/globals';
import { parseOptions } from '../src/parse-options.ts';

const choice = { all: ['drain', 'ingest', 'cost'], usual: ['drain', 'ingest'], seed: 42 };

test('Nothing said: the usual figures, once, with the seed that is offered', () => {
  expect(parseOptions([], choice)).toEqual({ names: ['drain', 'ingest'], runs: 1, seed: 42 });
});

test('Figures, runs and seed are taken in any order', () => {
  expect(parseOptions(['cost', '--runs', '3', 'drain', '--seed=0'], choice)).toEqual({
    names: ['cost', 'drain'],
    runs: 3,
    seed: 0,
  });
});

test.each([
  [['drains'], /No figure drains; there are drain, ingest, cost/],
  [['--runs', '0'], /--runs takes a whole number from 1 to 20, not 0/],
  [['--runs', '1e1'], /--runs takes/],
  [['--seed', '4294967296'], /--seed takes a whole number from 0 to 4294967295/],
  [['--seed', ''], /--seed takes/],
  [['--run', '3'], /--run/],
])('%j is refused with what would be right', (args, sentence) => {
  expect(() => parseOptions(args, choice)).toThrow(sentence);
});
