/** A calendar month in UTC, as quotas count it. @param back months before the one of `now`, which is in ms since the epoch */
export function monthRange(now: number, back: number): { readonly since: string; readonly until: string } {
  const date = new Date(now);
  const first = (months: number): string =>
    new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1)).toISOString();
  return { since: first(-back), until: first(1 - back) };
}
