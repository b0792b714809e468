/** The value below which that part of the values lies (nearest rank); NaN of nothing. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

/** The middle of the values. */
const median = (values: readonly number[]): number => percentile(values, 0.5);

/** Rounded for printing. */
export const rounded = (value: number, digits = 0): number => Number(value.toFixed(digits));

/** The median of a figure's rounds under its name, and the least and the greatest of them under `_min` and `_max`. */
export const spread = <Name extends string>(name: Name, values: readonly number[], digits = 0) =>
  ({
    [name]: rounded(median(values), digits),
    [`${name}_min`]: rounded(percentile(values, 0), digits),
    [`${name}_max`]: rounded(percentile(values, 1), digits),
  }) as Record<Name | `${Name}_min` | `${Name}_max`, number>;

/** What was measured of the one over what was measured of the other, round by round. */
export const ratios = (of: readonly number[], to: readonly number[]): number[] =>
  of.map((value, round) => value / (to[round] ?? Number.NaN));

/** The spread of each number that the rounds have, by its name. */
export function spreadEach(rounds: readonly Readonly<Record<string, number>>[], digits = 0): Record<string, number> {
  const names = new Set(rounds.flatMap((round) => Object.keys(round)));
  const spreads = [...names].map((name) =>
    spread(
      name,
      rounds.flatMap((round) => round[name] ?? []),
      digits,
    ),
  );
  return Object.assign({}, ...spreads) as Record<string, number>;
}
