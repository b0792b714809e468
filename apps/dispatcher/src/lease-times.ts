import { LONGEST_TIMEOUT_MS } from '@posthorn/domain/delivery/longest-timeout';

/** How long a lease outlives its attempt's timeout, in which the result is recorded. */
export const LEASE_MARGIN_MS = 10_000;
/** So long after its claim a delivery's request may begin at the latest: the rest of the margin is for its record. */
export const LATEST_START_MS = LEASE_MARGIN_MS - 3_000;
/** After this every lease that was taken before has ended, and nobody is left to record what was sent under it. */
export const LONGEST_LEASE_MS = LONGEST_TIMEOUT_MS + LEASE_MARGIN_MS;
