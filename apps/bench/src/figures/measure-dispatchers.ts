import type { Draw } from '../parts/create-draw.ts';
import { ratios, spread } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';
import { takeInTurn } from '../parts/take-in-turn.ts';
import { drain } from './measure-drain.ts';

/** The same backlog drained by one dispatcher and by two, in turn. */
export async function measureDispatchers(system: System, draw: Draw, deliveries: number, rounds: number) {
  const measures = [1, 2].map((dispatchers) => async () => (await drain(system, deliveries, dispatchers)).perSecond);
  const [one = [], two = []] = await takeInTurn(draw, rounds, measures);
  return { ...spread('one_per_s', one), ...spread('two_per_s', two), ...spread('ratio', ratios(two, one), 2) };
}
