/** The value below which that part of the values lies (nearest rank); NaN of nothing. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

/** The middle of the values. */
export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** Rounded for printing. */
export const rounded = (value: number, digits = 0): number => Number(value.toFixed(digits));
