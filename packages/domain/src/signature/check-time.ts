import { TOLERANCE_SECONDS } from '@posthorn/wire/verify';

/** Whether a delivery is fresh, and what to say about it. */
export interface CheckedTime {
  readonly ok: boolean;
  readonly message: string;
}

const SECONDS = /^\d{1,12}$/;
const MILLISECONDS = /^\d{13}$/;

const UNITS = [
  { seconds: 86_400, name: 'd' },
  { seconds: 3_600, name: 'h' },
  { seconds: 60, name: 'min' },
  { seconds: 1, name: 's' },
] as const;

/** A span of time in the largest unit of which it has two. */
function showSpan(seconds: number): string {
  const unit = UNITS.find((each) => seconds >= 2 * each.seconds) ?? { seconds: 1, name: 's' };
  return `${Math.floor(seconds / unit.seconds)} ${unit.name}`;
}

const LIMIT = showSpan(TOLERANCE_SECONDS);

/**
 * Judges the time at which a request says it was signed.
 *
 * @param timestamp as it stands in the request; `undefined`: its scheme sends none
 * @param now unix seconds
 */
export function checkTime(timestamp: string | undefined, now: number, isSigned: boolean): CheckedTime {
  if (timestamp === undefined) return { ok: true, message: 'This profile sends no time, so none is checked.' };
  if (MILLISECONDS.test(timestamp))
    return { ok: false, message: 'The timestamp is in milliseconds; it must be in unix seconds.' };
  if (!SECONDS.test(timestamp)) return { ok: false, message: 'The timestamp is malformed; it must be unix seconds.' };
  const age = now - Number(timestamp);
  const proof = isSigned ? '' : ' Nothing proves it: it is not part of what is signed.';
  if (Math.abs(age) <= TOLERANCE_SECONDS)
    return { ok: true, message: `The timestamp is ${showSpan(Math.abs(age))} off, within ${LIMIT}.${proof}` };
  if (age < 0) {
    return {
      ok: false,
      message: `The timestamp is ${showSpan(-age)} in the future, more than ${LIMIT}: one of the two clocks is wrong.${proof}`,
    };
  }
  return {
    ok: false,
    message: `The timestamp is ${showSpan(age)} old, more than ${LIMIT}: the request came late, is repeated, or a clock is wrong. To check a stored request, give the time at which it arrived.${proof}`,
  };
}
