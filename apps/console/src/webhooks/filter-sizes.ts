/** A field of a filter bar: they stand side by side where there is room, two in a line on a phone. */
export const grows = { flex: '1 1 140px' } as const;

/** Options of a list that are drawn at once. */
export const MOST_OPTIONS = 100;
