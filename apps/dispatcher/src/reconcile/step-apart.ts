import { isLockTimeout, isOverdue, isUnavailable } from '@posthorn/store/is-unavailable';

/**
 * One step of a round. What fails for itself, or takes too long, does not keep the rest from being done: it would fail in
 * the next round again, and the steps after it would never be reached. An absent database ends the round.
 *
 * @throws where the database is away
 */
export async function stepApart(step: () => Promise<void>, onError: (error: unknown) => void): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (isUnavailable(error) && !isLockTimeout(error) && !isOverdue(error)) throw error;
    onError(error);
  }
}
