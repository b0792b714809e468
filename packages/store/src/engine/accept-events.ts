import { isDuplicate, isRetryable } from '../is-unavailable.ts';
import type { Database, Transaction } from '../open-database.ts';
import type { Accepted, EventRequest } from './event-request.ts';
import { findByIdempotencyKey } from './find-by-idempotency-key.ts';
import { firePairs } from './fire-pairs.ts';
import { insertEvents } from './insert-events.ts';
import { readAccepted } from './read-accepted.ts';

/** Rolls the transaction back: of several events posted together, all are accepted or none. */
class NoneAccepted extends Error {
  readonly results: readonly Accepted[];
  constructor(results: readonly Accepted[]) {
    super('An idempotency key was used with another body');
    this.results = results;
  }
}

/** Two requests with one key at once: the loser runs again and then finds the winner's event. */
const MAX_TRIES = 4;
const TRANSACTION_TIMEOUT_MS = 8_000;
const TRANSACTION_WAIT_MS = 2_000;

const isPlain = (request: EventRequest): boolean =>
  request.idempotency === null && request.firesPairFor === null && request.endsPairOf === null;

async function acceptInTransaction(tx: Transaction, requests: readonly EventRequest[]): Promise<Accepted[]> {
  const known = await findByIdempotencyKey(tx, requests);
  const conflicts = known.filter((result) => result?.kind === 'key_conflict');
  if (conflicts.length > 0) throw new NoneAccepted(conflicts);
  const settled = await firePairs(tx, requests, known);
  const inserted = await insertEvents(
    tx,
    requests.filter((_, index) => settled[index] === null),
  );
  const results: Accepted[] = [];
  for (const answer of settled) {
    if (answer?.kind === 'late') results.push({ kind: 'replayed', event: await readAccepted(tx, answer.eventId) });
    else results.push(answer ?? (inserted.shift() as Accepted));
  }
  return results;
}

/**
 * Stores events with one delivery per matching endpoint, all in one transaction; a disabled endpoint's delivery is
 * `skipped`. What this returns is on disk.
 *
 * @param requests all are accepted or none; of a key used with another body, the conflict alone comes back
 * @throws when the database cannot be reached, and then nothing was accepted
 */
export async function acceptEvents(
  database: Database,
  requests: readonly EventRequest[],
): Promise<readonly Accepted[]> {
  if (requests.every(isPlain)) return insertEvents(database, requests);
  for (let tries = 1; ; tries += 1) {
    try {
      return await database.$transaction((tx) => acceptInTransaction(tx, requests), {
        maxWait: TRANSACTION_WAIT_MS,
        timeout: TRANSACTION_TIMEOUT_MS,
      });
    } catch (error) {
      if (error instanceof NoneAccepted) return error.results;
      if (tries >= MAX_TRIES || !(isDuplicate(error) || isRetryable(error))) throw error;
    }
  }
}
