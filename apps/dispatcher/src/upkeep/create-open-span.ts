import { EVERY_ID, type IdSpan } from '@posthorn/domain/id-span';

/** After this it is no longer relied on; it holds for two hours. */
const MAX_AGE_MS = 600_000;

/** In which ids open deliveries are to be sought, as the upkeep last found it. */
export interface OpenSpan {
  /** Every id, while it is not known. */
  get(): IdSpan;
  set(span: IdSpan): void;
}

/** @param now a monotonic clock, in ms */
export function createOpenSpan(now: () => number): OpenSpan {
  let known = EVERY_ID;
  let knownAtMs = Number.NEGATIVE_INFINITY;
  return {
    get: () => (now() - knownAtMs < MAX_AGE_MS ? known : EVERY_ID),
    set(span) {
      known = span;
      knownAtMs = now();
    },
  };
}
