/** The next of a sequence that its seed gives: a whole number from 0 up to, and without, `below`. */
export type Draw = (below: number) => number;

/** Two sequences of one seed are alike. */
export function createDraw(seed: number): Draw {
  let state = seed >>> 0;
  return (below) => {
    // Numerical Recipes' linear congruential generator; its low bits are poor, so the high ones are used.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** The items in an order that is drawn. */
export function shuffled<Item>(draw: Draw, items: readonly Item[]): Item[] {
  const rest = [...items];
  return items.flatMap(() => rest.splice(draw(rest.length), 1));
}
