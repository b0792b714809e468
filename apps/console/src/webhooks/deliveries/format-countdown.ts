import { formatSpan } from '../../show/format-time.ts';

const MINUTE_MS = 60_000;

/** How long until a moment, for example `in 12 s`; `now` once it has come. Both in ms since the epoch. */
export function formatCountdown(at: number, now: number): string {
  const left = at - now;
  if (left <= 0) return 'now';
  return left < MINUTE_MS ? `in ${Math.ceil(left / 1_000)} s` : `in ${formatSpan(left)}`;
}
