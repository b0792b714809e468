import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { median, rounded } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';

const script = fileURLToPath(new URL('../parts/sender-main.js', import.meta.url));

async function perSecond(mode: 'guarded' | 'bare', url: string, seconds: number): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [script, mode, url, String(seconds)]);
  return (JSON.parse(stdout) as { per_s: number }).per_s;
}

/** Requests per second of the sender behind the egress guard, as a ratio to the same sender without it, in turn. */
export async function measureEgress(system: System, seconds: number, rounds: number) {
  const url = `${system.receiver.url}/ok`;
  const guarded: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    bare.push(await perSecond('bare', url, seconds));
    guarded.push(await perSecond('guarded', url, seconds));
  }
  const ratios = guarded.map((rate, round) => rate / (bare[round] ?? Number.NaN));
  return {
    guarded_per_s: rounded(median(guarded)),
    bare_per_s: rounded(median(bare)),
    ratio: rounded(median(ratios), 3),
    ratio_min: rounded(Math.min(...ratios), 3),
    ratio_max: rounded(Math.max(...ratios), 3),
  };
}
