/** No profile, built in or a tenant's own, gives a receiver longer than this, ms. */
export const LONGEST_TIMEOUT_MS = 60_000;
