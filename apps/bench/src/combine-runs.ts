import type { Numbers, Results } from './figure.ts';
import { percentile } from './parts/summarize.ts';

/** Of the least of each run the least counts, of the greatest the greatest, and of everything else the median. */
const partOf = (name: string): number => (name.endsWith('_min') ? 0 : name.endsWith('_max') ? 1 : 0.5);

function combineNumbers(runs: readonly Numbers[]): Numbers {
  const names = new Set(runs.flatMap((numbers) => Object.keys(numbers)));
  return Object.fromEntries(
    [...names].map((name) => [
      name,
      percentile(
        runs.flatMap((numbers) => numbers[name] ?? []),
        partOf(name),
      ),
    ]),
  );
}

/** Several runs as one. */
export function combineRuns(runs: readonly Results[]): Results {
  const names = new Set(runs.flatMap((results) => Object.keys(results)));
  return Object.fromEntries([...names].map((name) => [name, combineNumbers(runs.map((run) => run[name] ?? {}))]));
}

/** A run in the shape of the last line: what a backlog's draining came to stands beside the other figures. */
export function nameValues({ drain = {}, ...rest }: Results): Readonly<Record<string, number | Numbers>> {
  const { rss_mb: rss, ...throughput } = drain;
  return { ...throughput, ...rest, ...(rss === undefined ? {} : { rss_mb: rss }) };
}
