import type { Transaction } from '../open-database.ts';
import type { Accepted, EventRequest } from './event-request.ts';
import { findByIdempotencyKey } from './find-by-idempotency-key.ts';
import { firePairs } from './fire-pairs.ts';
import { insertEvents } from './insert-events.ts';
import { readAccepted } from './read-accepted.ts';

/** Rolls the transaction back: of several events posted together, all are accepted or none. */
export class NoneAccepted extends Error {
  readonly results: readonly Accepted[];
  constructor(results: readonly Accepted[]) {
    super('An idempotency key was used with another body');
    this.results = results;
  }
}

/**
 * Settles keys and pairs, and stores what is new.
 *
 * @returns a result per request, in order
 * @throws NoneAccepted when an idempotency key was used with another body
 */
export async function acceptInTransaction(tx: Transaction, requests: readonly EventRequest[]): Promise<Accepted[]> {
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
