import type { Zone } from '../show/use-zone.ts';

const MINUTE_MS = 60_000;
/** Of `2026-11-20T10:00:00.000Z`, what a field for date and time takes. */
const INPUT_CHARACTERS = 16;

const offsetMs = (date: Date, zone: Zone): number => (zone === 'utc' ? 0 : date.getTimezoneOffset() * MINUTE_MS);

/** What a field for date and time shows of a moment. @param text RFC 3339; empty for anything else */
export function writeZonedInput(text: string | undefined, zone: Zone): string {
  const date = new Date(text ?? '');
  if (Number.isNaN(date.getTime())) return '';
  return new Date(date.getTime() - offsetMs(date, zone)).toISOString().slice(0, INPUT_CHARACTERS);
}

/** The moment that such a field names, as RFC 3339; undefined while it names none. */
export function readZonedInput(value: string, zone: Zone): string | undefined {
  const date = new Date(zone === 'utc' ? `${value}Z` : value);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
