import type { StatsRange } from '@posthorn/http-api/stats';

/** How far back the overview looks, as the address holds it. */
export interface OverviewSearch {
  readonly range?: StatsRange;
}

/** The ranges to choose from, with what they are called. */
export const ranges = [
  { value: '1h', label: '1 hour' },
  { value: '24h', label: '24 hours' },
  { value: '7d', label: '7 days' },
] as const satisfies readonly { readonly value: StatsRange; readonly label: string }[];

export const DEFAULT_RANGE: StatsRange = '24h';

/** Reads the range from an address; what is not one is left out. */
export function readOverviewSearch(search: Record<string, unknown>): OverviewSearch {
  const range = ranges.find(({ value }) => value === search['range'])?.value;
  return range ? { range } : {};
}
