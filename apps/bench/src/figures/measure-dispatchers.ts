import { type Cores, showCores } from '../parts/account-cores.ts';
import type { Draw } from '../parts/create-draw.ts';
import { ratios, spread } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';
import { takeInTurn } from '../parts/take-in-turn.ts';
import { drain } from './measure-drain.ts';

/** The same backlog drained by one dispatcher and by two, in turn; the cores are those of the two. */
export async function measureDispatchers(system: System, draw: Draw, deliveries: number, rounds: number) {
  const coresOfTwo: Cores[] = [];
  const measures = [1, 2].map((dispatchers) => async () => {
    const { perSecond, cores } = await drain(system, deliveries, dispatchers);
    if (dispatchers === 2) coresOfTwo.push(cores);
    return perSecond;
  });
  const [one = [], two = []] = await takeInTurn(draw, rounds, measures);
  return {
    ...spread('one_per_s', one),
    ...spread('two_per_s', two),
    ...spread('ratio', ratios(two, one), 2),
    ...showCores(coresOfTwo),
  };
}
