/** Where and when a run's faults strike. It is printed; `FAULT_SEED` gives the same run again. */
export const faultSeed = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000);

let state = faultSeed;

/** A whole number from 0 up to, and without, `below`: the next of the run's sequence. */
export function pick(below: number): number {
  // Numerical Recipes' linear congruential generator; its low bits are poor, so the high ones are used.
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}
