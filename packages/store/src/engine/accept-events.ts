import type { Database, Transaction } from '../open-database.ts';
import { isDuplicate, isRetryable } from '../is-unavailable.ts';
import { firePairs } from './fire-pairs.ts';
import { findByIdempotencyKey } from './find-by-idempotency-key.ts';
import { insertEvents } from './insert-events.ts';
import { readAccepted } from './read-accepted.ts';

/** One event ready to be stored: its bytes are made. */
export interface NewEvent {
  readonly id: string;
  readonly tenantId: string;
  readonly type: string;
  readonly jobId: string | null;
  /** The exact text that is sent. */
  readonly payload: string;
  readonly createdAt: Date;
  /** Attempts that each delivery may use. */
  readonly attemptLimit: number;
  /** The event that fires with this one, if it is half of a pair. */
  readonly firedWith: string | null;
  /** Only this endpoint gets it (a test event); `null`: every endpoint that subscribes to its type. */
  readonly onlyEndpointId: string | null;
}

/** One thing a caller asked for: usually one event, for a pair the asked one first and its other half second. */
export interface EventRequest {
  readonly events: readonly [NewEvent] | readonly [NewEvent, NewEvent];
  readonly idempotency: { readonly key: string; readonly digest: Buffer } | null;
  /** The pair fires once for this subject until it ends. */
  readonly firesPairFor: string | null;
  /** Accepting this ends the subject's pair, which may then fire again. */
  readonly endsPairOf: string | null;
}

/** A stored event as its first answer showed it. */
export interface AcceptedEvent {
  readonly id: string;
  readonly type: string;
  readonly jobId: string | null;
  readonly createdAt: Date;
  readonly deliveryCount: number;
  readonly firedWith: { readonly id: string; readonly type: string } | null;
}

/** A delivery that wants a job now. */
export interface DueDelivery {
  readonly id: string;
  readonly endpointId: string;
  readonly generation: number;
  readonly attemptLimit: number;
}

export type Accepted =
  | { readonly kind: 'accepted'; readonly event: AcceptedEvent; readonly due: readonly DueDelivery[] }
  | { readonly kind: 'replayed'; readonly event: AcceptedEvent }
  | { readonly kind: 'key_conflict'; readonly key: string };

/** What is settled about a request before anything is written; `late`: an event of this or an earlier request answers it. */
export type Settled = Extract<Accepted, { kind: 'key_conflict' }> | { readonly kind: 'late'; readonly eventId: string };

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
  const inserted = await insertEvents(tx, requests.filter((_, index) => settled[index] === null));
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
export async function acceptEvents(database: Database, requests: readonly EventRequest[]): Promise<readonly Accepted[]> {
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
