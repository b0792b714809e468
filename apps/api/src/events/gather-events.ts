import { gather } from '@posthorn/runtime/gather';
import { gatherApart } from '@posthorn/runtime/gather-apart';
import type { Accepted, EventRequest } from '@posthorn/store/engine/event-request';
import { isLockTimeout, isUnavailable } from '@posthorn/store/is-unavailable';
import { ANSWER_BUDGET_MS } from '../http/answer-budget.ts';

/** Requests that share a statement at the most, and statements under way at once. */
const MAX_REQUESTS_PER_STATEMENT = 100;
const MAX_STATEMENTS = 2;
/** Beside a statement that is under way the next one waits for others: two small ones cost more than one. */
const COMPANY = { items: 32, ms: 10 };
/** With the largest gathered payloads about 64 MB. */
const MAX_WAITING_REQUESTS = 2_000;
/**
 * A shared statement waits for the row that counts a tenant's events no longer than this, since others wait with it. Where the
 * rows of all its tenants are held, it still ends within the 5 s that a statement has.
 */
const SHARED_PATIENCE_MS = 40;
/** Statements under way at once of tenants for which a shared one would have to wait. */
const MAX_STATEMENTS_APART = 2;
/** Of one tenant, requests under way at once that share no statement. With a quota they go one after the other anyway. */
const MAX_ALONE = 4;
const MAX_ALONE_LIMITED = 2;
const MAX_WAITING_ALONE = 500;
/** And of all tenants together: small plain events always have connections left. */
const MAX_ALONE_TOGETHER = 5;
/** A larger payload goes by itself, so that a statement stays small. */
const MAX_GATHERED_CHARACTERS = 16_384;

/** Stores requests in one statement or transaction. */
export type AcceptTogether = (
  requests: readonly EventRequest[],
  patienceMs?: number | null,
) => Promise<readonly Accepted[]>;

type Outcome = { readonly accepted: Accepted } | { readonly error: unknown };
/** Or it will be known later, and nothing else waits for it. */
type SharedOutcome = Outcome | { readonly held: Promise<Outcome> };

const isPlain = ({ idempotency, firesPairFor, endsPairOf, act }: EventRequest): boolean =>
  idempotency === null && firesPairFor === null && endsPairOf === null && !act;

const isSmall = ({ events }: EventRequest): boolean =>
  events.reduce((sum, { payload }) => sum + payload.length, 0) <= MAX_GATHERED_CHARACTERS;

async function acceptAlone(acceptEvents: AcceptTogether, request: EventRequest): Promise<Outcome> {
  try {
    const [accepted] = await acceptEvents([request]);
    return { accepted: accepted as Accepted };
  } catch (error) {
    return { error };
  }
}

/** One statement for all; should one request be what PostgreSQL refuses, the others must not suffer for it. */
async function acceptTogether(
  acceptEvents: AcceptTogether,
  requests: readonly EventRequest[],
  patienceMs: number | null,
): Promise<readonly Outcome[]> {
  try {
    return (await acceptEvents(requests, patienceMs)).map((accepted) => ({ accepted }));
  } catch (error) {
    if (isUnavailable(error)) throw error;
    return Promise.all(requests.map((request) => acceptAlone(acceptEvents, request)));
  }
}

const tenantOf = ({ events: [{ tenantId }] }: EventRequest): string => tenantId;

/** Small plain events: those of a tenant whose row is held go apart, so that nobody else waits for it. */
function acceptSmall(acceptEvents: AcceptTogether): (request: EventRequest) => Promise<Outcome> {
  const waiting = { maxWaiting: MAX_WAITING_REQUESTS, maxWaitMs: ANSWER_BUDGET_MS };
  const turns = gather<EventRequest[], readonly Outcome[]>({
    ...waiting,
    maxItems: 1,
    maxBatches: MAX_STATEMENTS_APART,
    flush: async ([requests = []]) => [await acceptTogether(acceptEvents, requests, null)],
  });
  const apart = gatherApart<EventRequest, Outcome>({
    ...waiting,
    maxItems: MAX_REQUESTS_PER_STATEMENT,
    maxBatches: 1,
    flush: turns,
  });
  const acceptApart = (request: EventRequest): Promise<Outcome> =>
    apart.add(tenantOf(request), request).catch((error: unknown) => ({ error }));
  const shared = gather<EventRequest, SharedOutcome>({
    ...waiting,
    maxItems: MAX_REQUESTS_PER_STATEMENT,
    maxBatches: MAX_STATEMENTS,
    company: COMPANY,
    async flush(requests) {
      try {
        return await acceptTogether(acceptEvents, requests, SHARED_PATIENCE_MS);
      } catch (error) {
        if (!isLockTimeout(error)) throw error;
      }
      const others = requests.filter(({ limited }) => !limited);
      const outcomes = await acceptTogether(acceptEvents, others, null);
      const outcomeOf = new Map(others.map((request, index) => [request, outcomes[index] as Outcome]));
      return requests.map((request) => outcomeOf.get(request) ?? { held: acceptApart(request) });
    },
  });
  return async (request) => {
    if (request.limited && apart.isBusy(tenantOf(request))) return acceptApart(request);
    const outcome = await shared(request);
    return 'held' in outcome ? outcome.held : outcome;
  };
}

/**
 * Stores events; small plain ones of many requests, whatever their tenant, share one statement. Of the others each tenant has
 * a few under way at once, so that no one takes all connections.
 *
 * @throws when the database cannot be reached, or too many wait for it; then nothing was accepted
 */
export function gatherEvents(
  acceptEvents: AcceptTogether,
): (requests: readonly EventRequest[]) => Promise<readonly Accepted[]> {
  const acceptOne = acceptSmall(acceptEvents);
  // Every tenant has few of them here at once, so that none waits behind all of another's.
  const together = gather<readonly EventRequest[], readonly Accepted[]>({
    maxItems: 1,
    maxBatches: MAX_ALONE_TOGETHER,
    maxWaiting: MAX_WAITING_REQUESTS,
    maxWaitMs: ANSWER_BUDGET_MS,
    flush: async ([requests = []]) => [await acceptEvents(requests)],
  });
  const alone = (maxBatches: number) =>
    gatherApart<readonly EventRequest[], readonly Accepted[]>({
      maxItems: 1,
      maxBatches,
      maxWaiting: MAX_WAITING_ALONE,
      maxWaitMs: ANSWER_BUDGET_MS,
      flush: async ([requests = []]) => [await together(requests)],
    });
  const aloneUnlimited = alone(MAX_ALONE);
  const aloneLimited = alone(MAX_ALONE_LIMITED);
  return async (requests) => {
    const [first] = requests;
    if (!first) return [];
    if (requests.length !== 1 || !isPlain(first) || !isSmall(first)) {
      return (first.limited ? aloneLimited : aloneUnlimited).add(tenantOf(first), requests);
    }
    const outcome = await acceptOne(first);
    if ('error' in outcome) throw outcome.error;
    return [outcome.accepted];
  };
}
