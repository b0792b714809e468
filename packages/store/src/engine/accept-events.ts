import { isBeyond, isDuplicate, isRetryable } from '../is-unavailable.ts';
import type { Database } from '../open-database.ts';
import { AnswerGone, acceptInTransaction, NoneAccepted } from './accept-in-transaction.ts';
import type { Accepted, EventRequest } from './event-request.ts';
import { forgetAnswers } from './forget-answers.ts';
import { insertEvents } from './insert-events.ts';

/** Two requests with one key at once: the loser runs again and then finds the winner's event. */
const MAX_TRIES = 4;
const TRANSACTION_TIMEOUT_MS = 8_000;
const TRANSACTION_WAIT_MS = 2_000;

const isPlain = (request: EventRequest): boolean =>
  request.idempotency === null && request.firesPairFor === null && request.endsPairOf === null && !request.act;

/**
 * Stores events with one delivery per matching endpoint, all in one transaction; a disabled endpoint's delivery is
 * `skipped`. What this returns is on disk.
 *
 * @param requests all are accepted or none; of a key used with another body, the conflict alone comes back,
 *   of a quota that is reached that alone, and of an API key that has changed that alone; only what came in different API calls is judged apart
 * @param patienceMs how long plain events wait for the row that counts a tenant's; default: as every statement waits
 * @throws TooManyDeliveries when one call's events go to more endpoints than can be written in time
 * @throws when the database cannot be reached, and then nothing was accepted
 */
export async function acceptEvents(
  database: Database,
  requests: readonly EventRequest[],
  patienceMs: number | null = null,
): Promise<readonly Accepted[]> {
  if (requests.every(isPlain)) {
    try {
      return await insertEvents(database, requests, { patienceMs, isLimited: true });
    } catch (error) {
      if (!isBeyond(error)) throw error;
    }
  }
  for (let tries = 1; ; tries += 1) {
    try {
      return await database.$transaction((tx) => acceptInTransaction(tx, requests), {
        maxWait: TRANSACTION_WAIT_MS,
        timeout: TRANSACTION_TIMEOUT_MS,
      });
    } catch (error) {
      if (error instanceof NoneAccepted) return error.results;
      if (tries < MAX_TRIES && error instanceof AnswerGone) await forgetAnswers(database, requests);
      else if (tries >= MAX_TRIES || !(isDuplicate(error) || isRetryable(error))) throw error;
    }
  }
}
