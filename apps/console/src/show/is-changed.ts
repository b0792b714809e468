/** Whether a form no longer holds what it began with. Both are plain data. */
export const isChanged = (before: unknown, now: unknown): boolean => JSON.stringify(before) !== JSON.stringify(now);
