const HELD_UNTIL_MS = Date.UTC(9999, 11, 31);

/**
 * Whether a delivery waits for an earlier one of its ordering key: it is then due at the end of all time, so that nothing
 * takes it for due.
 *
 * @param dueAt as it is stored; `null` of one that is final
 */
export const isHeld = (dueAt: Date | null): boolean => dueAt?.getTime() === HELD_UNTIL_MS;
