import type { Draw } from './parts/create-draw.ts';
import type { System } from './parts/system.ts';

/** What a figure came to: each number by its name. */
export type Numbers = Readonly<Record<string, number>>;

/** What a run came to: the numbers of each figure by its name. */
export type Results = Readonly<Record<string, Numbers>>;

/** Measures one figure. `draw` decides what is left to chance. */
export type Figure = (system: System, draw: Draw) => Promise<Numbers>;
