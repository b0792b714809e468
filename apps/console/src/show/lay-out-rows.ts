/** Rows in view, as indexes; both ends belong to it. */
export interface RowRange {
  readonly first: number;
  readonly last: number;
}

/** A row that is drawn, and how many before it are not. */
export interface PlacedRow {
  readonly index: number;
  readonly skipped: number;
}

export interface RowLayout {
  readonly placed: readonly PlacedRow[];
  /** How many after the last one are not drawn. */
  readonly after: number;
}

/**
 * Which rows to draw: those in view, and the one that has the focus, which would lose it if it were taken away.
 *
 * @param inView `null`: not known yet. @param kept drawn wherever it is; -1: none
 */
export function layOutRows(inView: RowRange | null, kept: number, count: number): RowLayout {
  const { first, last } = inView ?? { first: 0, last: -1 };
  const seen = Array.from(
    { length: Math.max(0, Math.min(last, count - 1) - first + 1) },
    (_, offset) => first + offset,
  );
  const isApart = kept >= 0 && kept < count && (kept < first || kept > last);
  const drawn = isApart ? [...seen, kept].sort((one, other) => one - other) : seen;
  return {
    placed: drawn.map((index, place) => ({ index, skipped: index - (drawn[place - 1] ?? -1) - 1 })),
    after: count - 1 - (drawn.at(-1) ?? -1),
  };
}
