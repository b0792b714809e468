import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { median, rounded } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';

const script = fileURLToPath(new URL('../parts/sender-main.js', import.meta.url));

interface Run {
  readonly per_s: number;
  readonly cpu_us: number;
}

async function run(mode: 'guarded' | 'bare', url: string, seconds: number): Promise<Run> {
  const { stdout } = await promisify(execFile)(process.execPath, [script, mode, url, String(seconds)]);
  return JSON.parse(stdout) as Run;
}

/**
 * The sender behind the egress guard against the same sender without it, in turn: requests per second, and the CPU time of
 * a request, which other processes on the machine disturb less.
 */
export async function measureEgress(system: System, seconds: number, rounds: number) {
  const url = `${system.receiver.url}/ok`;
  const pairs: { readonly bare: Run; readonly guarded: Run }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    pairs.push({ bare: await run('bare', url, seconds), guarded: await run('guarded', url, seconds) });
  }
  const ratios = pairs.map(({ bare, guarded }) => guarded.per_s / bare.per_s);
  return {
    guarded_per_s: rounded(median(pairs.map(({ guarded }) => guarded.per_s))),
    bare_per_s: rounded(median(pairs.map(({ bare }) => bare.per_s))),
    ratio: rounded(median(ratios), 3),
    ratio_min: rounded(Math.min(...ratios), 3),
    ratio_max: rounded(Math.max(...ratios), 3),
    cpu_ratio: rounded(median(pairs.map(({ bare, guarded }) => bare.cpu_us / guarded.cpu_us)), 3),
  };
}
