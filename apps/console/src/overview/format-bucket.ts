import type { StatsRange } from '@posthorn/http-api/stats';
import type { Zone } from '../show/use-zone.ts';

const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const day = { weekday: 'short', day: 'numeric', month: 'short' } as const;

const textOf = (ms: number, parts: Intl.DateTimeFormatOptions, zone: Zone): string =>
  new Intl.DateTimeFormat('en-GB', { ...parts, ...(zone === 'utc' && { timeZone: 'UTC' }) }).format(ms);

/** What stands under the chart: the time, or of a week the day. @param at RFC 3339 */
export const formatTick = (at: string, range: StatsRange, zone: Zone): string =>
  textOf(Date.parse(at), range === '7d' ? day : clock, zone);

/** When a bucket begins and ends. */
export function formatBucket(at: string, seconds: number, range: StatsRange, zone: Zone): string {
  const [from, to] = [Date.parse(at), Date.parse(at) + seconds * 1_000];
  const span = `${textOf(from, clock, zone)}–${textOf(to, clock, zone)}`;
  return range === '1h' ? span : `${textOf(from, day, zone)}, ${span}`;
}

/** The filter that leaves the deliveries made in a bucket. */
export function spanOfBucket(at: string, seconds: number): { created_after: string; created_before: string } {
  return { created_after: at, created_before: new Date(Date.parse(at) + seconds * 1_000).toISOString() };
}
