import type { Zone } from '../../show/use-zone.ts';

const MINUTE_MS = 60_000;
const MINUTES = 'YYYY-MM-DDTHH:MM'.length;

/** A moment as a field for date and time shows it. @param text RFC 3339; nothing, or what is no moment: empty */
export function showMoment(text: string | undefined, zone: Zone): string {
  const date = new Date(text ?? Number.NaN);
  if (Number.isNaN(date.getTime())) return '';
  const offset = zone === 'utc' ? 0 : date.getTimezoneOffset();
  return new Date(date.getTime() - offset * MINUTE_MS).toISOString().slice(0, MINUTES);
}

/** The moment that such a field holds, as RFC 3339; undefined when it is empty. */
export function readMoment(text: string, zone: Zone): string | undefined {
  const date = new Date(zone === 'utc' ? `${text}Z` : text);
  return text === '' || Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
