import { parseArgs } from 'node:util';

const MAX_RUNS = 20;
const MAX_SEED = 2 ** 32 - 1;

export interface Options {
  /** What the draws of the first run begin with; each further run takes the next number. */
  readonly seed: number;
  /** How often all of it is measured. */
  readonly runs: number;
  /** The figures, in the order in which they are measured. */
  readonly names: readonly string[];
}

/** The figures to choose from, and what holds where nothing is said. */
export interface Choice {
  readonly all: readonly string[];
  readonly usual: readonly string[];
  readonly seed: number;
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`--${name} takes a whole number from ${least} to ${most}, not ${text}`);
}

/** @throws when an option or a figure is unknown, with a sentence that says which there are */
export function parseOptions(args: readonly string[], { all, usual, seed }: Choice): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      runs: { type: 'string', default: '1' },
      seed: { type: 'string', default: String(seed) },
    },
  });
  const unknown = positionals.filter((name) => !all.includes(name));
  if (unknown.length > 0) throw new Error(`No figure ${unknown.join(', ')}; there are ${all.join(', ')}`);
  return {
    seed: wholeNumber('seed', values.seed, 0, MAX_SEED),
    runs: wholeNumber('runs', values.runs, 1, MAX_RUNS),
    names: positionals.length > 0 ? positionals : usual,
  };
}
