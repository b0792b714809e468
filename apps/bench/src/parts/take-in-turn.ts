import { type Draw, shuffled } from './create-draw.ts';

/**
 * Measures each in every round, in an order that is drawn anew, so that what changes meanwhile meets all of them alike.
 *
 * @returns the rounds of each, in the order given
 */
export async function takeInTurn<Result>(
  draw: Draw,
  rounds: number,
  measures: readonly (() => Promise<Result>)[],
): Promise<Result[][]> {
  const taken = measures.map((measure) => ({ measure, results: [] as Result[] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { measure, results } of shuffled(draw, taken)) results.push(await measure());
  }
  return taken.map(({ results }) => results);
}
