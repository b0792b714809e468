import { isRetryable } from './is-unavailable.ts';

const MAX_TRIES = 5;

/**
 * Runs a transaction again that PostgreSQL broke off because of a deadlock or a serialization failure: nothing of it
 * happened. A change of an endpoint, and the attempts that are recorded meanwhile, may lock the same rows in another order.
 */
export async function againAfterDeadlock<Result>(transaction: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (tries >= MAX_TRIES || !isRetryable(error)) throw error;
    }
  }
}
