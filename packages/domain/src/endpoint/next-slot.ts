const MS_PER_SECOND = 1_000;
/** A slot's own start, after some arithmetic, must not pass for the end of the slot before. */
const ROUNDING_SLOTS = 0.02;

/** Who shares an endpoint's rate. */
export interface RateShare {
  /** Requests per second over all dispatchers. */
  readonly perSecond: number;
  /** Dispatchers that are alive. */
  readonly dispatchers: number;
  /** This one's place among them, from 0. */
  readonly place: number;
}

/**
 * When the next request may start after one that starts at `at`. A second is cut into as many slots as the rate has
 * requests, and the slots go round among the dispatchers, so that two of them do not start at the same moment.
 *
 * @param at ms on a clock that all dispatchers share
 * @returns ms on the same clock
 */
export function nextSlot(at: number, { perSecond, dispatchers, place }: RateShare): number {
  const slotMs = MS_PER_SECOND / perSecond;
  if (dispatchers === 1) return at + slotMs;
  const next = Math.floor(at / slotMs + ROUNDING_SLOTS) + 1;
  const turns = (place - (next % dispatchers) + dispatchers) % dispatchers;
  return (next + turns) * slotMs;
}
