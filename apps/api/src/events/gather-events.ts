import { gather } from '@posthorn/runtime/gather';
import { acceptEvents } from '@posthorn/store/engine/accept-events';
import type { Accepted, EventRequest } from '@posthorn/store/engine/event-request';
import { isUnavailable } from '@posthorn/store/is-unavailable';
import type { Database } from '@posthorn/store/open-database';
import { ANSWER_BUDGET_MS } from '../http/answer-budget.ts';

/** Requests that share a statement at the most, and statements under way at once. */
const MAX_REQUESTS_PER_STATEMENT = 100;
const MAX_STATEMENTS = 3;
/** With the largest gathered payloads about 64 MB. */
const MAX_WAITING_REQUESTS = 2_000;
/** A larger payload goes by itself, so that a statement stays small. */
const MAX_GATHERED_CHARACTERS = 16_384;

type Outcome = { readonly accepted: Accepted } | { readonly error: unknown };

const isPlain = ({ idempotency, firesPairFor, endsPairOf, act }: EventRequest): boolean =>
  idempotency === null && firesPairFor === null && endsPairOf === null && !act;

const isSmall = ({ events }: EventRequest): boolean =>
  events.reduce((sum, { payload }) => sum + payload.length, 0) <= MAX_GATHERED_CHARACTERS;

async function acceptAlone(database: Database, request: EventRequest): Promise<Outcome> {
  try {
    const [accepted] = await acceptEvents(database, [request]);
    return { accepted: accepted as Accepted };
  } catch (error) {
    return { error };
  }
}

/** One statement for all; should one request be what PostgreSQL refuses, the others must not suffer for it. */
async function acceptTogether(database: Database, requests: EventRequest[]): Promise<readonly Outcome[]> {
  try {
    return (await acceptEvents(database, requests)).map((accepted) => ({ accepted }));
  } catch (error) {
    if (isUnavailable(error)) throw error;
    return Promise.all(requests.map((request) => acceptAlone(database, request)));
  }
}

/**
 * Stores events; small plain ones of many requests, whatever their tenant, share one statement.
 *
 * @throws when the database cannot be reached, or too many wait for it; then nothing was accepted
 */
export function gatherEvents(database: Database): (requests: readonly EventRequest[]) => Promise<readonly Accepted[]> {
  const acceptOne = gather<EventRequest, Outcome>({
    maxItems: MAX_REQUESTS_PER_STATEMENT,
    maxBatches: MAX_STATEMENTS,
    maxWaiting: MAX_WAITING_REQUESTS,
    maxWaitMs: ANSWER_BUDGET_MS,
    flush: (requests) => acceptTogether(database, requests),
  });
  return async (requests) => {
    const [only] = requests;
    if (requests.length !== 1 || !only || !isPlain(only) || !isSmall(only)) return acceptEvents(database, requests);
    const outcome = await acceptOne(only);
    if ('error' in outcome) throw outcome.error;
    return [outcome.accepted];
  };
}
