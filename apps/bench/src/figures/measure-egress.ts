import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { spread } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';

interface Slice {
  readonly perSecond: number;
  readonly cpuMicros: number;
}

/**
 * The sender behind the egress guard as a ratio to the same sender without it, in turn within one process: requests per
 * second, and the CPU time of a request, which other processes disturb less.
 */
export async function measureEgress(system: System, slices: number) {
  const script = fileURLToPath(new URL('../parts/sender-main.js', import.meta.url));
  const args = [script, `${system.receiver.url}/ok`, String(slices)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const pairs = JSON.parse(stdout) as { readonly bare: Slice; readonly guarded: Slice }[];
  const of = (read: (pair: (typeof pairs)[number]) => number): number[] => pairs.map(read);
  return {
    ...spread(
      'guarded_per_s',
      of(({ guarded }) => guarded.perSecond),
    ),
    ...spread(
      'bare_per_s',
      of(({ bare }) => bare.perSecond),
    ),
    ...spread(
      'ratio',
      of(({ guarded, bare }) => guarded.perSecond / bare.perSecond),
      3,
    ),
    ...spread(
      'cpu_ratio',
      of(({ guarded, bare }) => bare.cpuMicros / guarded.cpuMicros),
      3,
    ),
  };
}
