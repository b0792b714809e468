import { median, rounded } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';
import { drain } from './measure-drain.ts';

/** The same backlog drained by one dispatcher and by two, in turn. */
export async function measureDispatchers(system: System, deliveries: number, rounds: number) {
  const one: number[] = [];
  const two: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    one.push((await drain(system, deliveries, 1)).perSecond);
    two.push((await drain(system, deliveries, 2)).perSecond);
  }
  const ratios = two.map((rate, round) => rate / (one[round] ?? Number.NaN));
  return { one_per_s: rounded(median(one)), two_per_s: rounded(median(two)), ratio: rounded(median(ratios), 2) };
}
