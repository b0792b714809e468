import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { median, rounded } from '../parts/summarize.ts';
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
  const middle = (of: (pair: (typeof pairs)[number]) => number, digits = 0) => rounded(median(pairs.map(of)), digits);
  return {
    guarded_per_s: middle(({ guarded }) => guarded.perSecond),
    bare_per_s: middle(({ bare }) => bare.perSecond),
    ratio: middle(({ guarded, bare }) => guarded.perSecond / bare.perSecond, 3),
    cpu_ratio: middle(({ guarded, bare }) => bare.cpuMicros / guarded.cpuMicros, 3),
  };
}
