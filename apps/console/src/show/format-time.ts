import type { Zone } from './use-zone.ts';

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'narrow' });
const MOMENT_MS = 1_000;

/** How far away a moment is, for example `3 min ago`. Both in ms since the epoch. */
export function formatRelative(at: number, now: number): string {
  const apart = at - now;
  if (Math.abs(apart) < MOMENT_MS) return 'now';
  const [unit, size] = UNITS.find(([, each]) => Math.abs(apart) >= each) ?? (['second', 1_000] as const);
  return relative.format(Math.trunc(apart / size), unit);
}

/** A moment to the millisecond, with its zone. @param text RFC 3339 */
export function formatExact(text: string, zone: Zone): string {
  const date = new Date(text);
  if (zone === 'utc') return date.toISOString().replace('T', ' ').replace('Z', ' UTC');
  const pad = (value: number, digits = 2): string => String(value).padStart(digits, '0');
  const minutes = -date.getTimezoneOffset();
  const sign = minutes < 0 ? '-' : '+';
  const offset = `${sign}${pad(Math.floor(Math.abs(minutes) / 60))}:${pad(Math.abs(minutes) % 60)}`;
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  const time = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`;
  return `${day} ${time} ${offset}`;
}

/** A span, for example `340 ms`, `2.1 s` or `3 min 5 s`. @param ms at least 0 */
export function formatSpan(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 1_440) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.floor(minutes / 1_440)} d ${Math.floor((minutes % 1_440) / 60)} h`;
}
