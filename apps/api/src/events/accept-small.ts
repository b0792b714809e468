import { gather } from '@posthorn/runtime/gather';
import { gatherApart } from '@posthorn/runtime/gather-apart';
import type { Accepted, EventRequest } from '@posthorn/store/engine/event-request';
import { isDuplicate, isLockTimeout, isOverdue, isUnavailable } from '@posthorn/store/is-unavailable';
import { ANSWER_BUDGET_MS } from '../http/answer-budget.ts';
import type { TenantWidths } from './tenant-widths.ts';

/** Requests that share a statement at the most, and statements under way at once. */
const MAX_REQUESTS_PER_STATEMENT = 100;
const MAX_STATEMENTS = 2;
/** Beside a statement that is under way the next one waits for others: two small ones cost more than one. */
const COMPANY = { items: 32, ms: 10 };
/** Of which one tenant may have 2,000. With the largest gathered payloads about 80 MB. */
const MAX_WAITING_REQUESTS = 2_500;
/**
 * A shared statement waits for the row that counts a tenant's events no longer than this, since others wait with it. Where the
 * rows of all its tenants are held, it still ends within the 5 s that a statement has.
 */
const SHARED_PATIENCE_MS = 40;
/** Statements under way at once of tenants for which a shared one would have to wait, and of those tried again by themselves. */
const MAX_STATEMENTS_APART = 2;
/** What is tried again has waited for 5 s already. */
const MAX_WAIT_AGAIN_MS = 3_000;

/** Stores requests in one statement or transaction. */
export type AcceptTogether = (
  requests: readonly EventRequest[],
  patienceMs?: number | null,
) => Promise<readonly Accepted[]>;

/** What became of a request. */
export type Outcome = { readonly accepted: Accepted } | { readonly error: unknown };
/** Or it will be known later, and nothing else waits for it. */
type SharedOutcome = Outcome | { readonly held: Promise<Outcome> };

export const tenantOf = ({ events: [{ tenantId }] }: EventRequest): string => tenantId;

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

/** The requests of each tenant; who has most comes last. */
function byTenant(requests: readonly EventRequest[]): EventRequest[][] {
  const groups = new Map<string, EventRequest[]>();
  for (const request of requests) {
    const group = groups.get(tenantOf(request));
    if (group) group.push(request);
    else groups.set(tenantOf(request), [request]);
  }
  return [...groups.values()].sort((a, b) => a.length - b.length);
}

/** Tried again, what the first statement did store is a duplicate: it went through, though nobody heard of it. */
const orTimeout =
  (timeout: unknown) =>
  (outcome: Outcome): Outcome =>
    'error' in outcome && isDuplicate(outcome.error) ? { error: timeout } : outcome;

/** Statements of one tenant each, of requests for which a shared one took too long. */
function acceptAgain(acceptEvents: AcceptTogether, widths: TenantWidths) {
  const turns = gather<readonly EventRequest[], readonly Outcome[]>({
    maxItems: 1,
    maxBatches: MAX_STATEMENTS_APART,
    maxWaiting: MAX_WAITING_REQUESTS,
    maxWaitMs: MAX_WAIT_AGAIN_MS,
    flush: async ([requests = []]) => [await acceptTogether(acceptEvents, requests, null)],
  });
  return async (requests: readonly EventRequest[], timeout: unknown): Promise<readonly Outcome[]> => {
    try {
      return (await turns(requests)).map(orTimeout(timeout));
    } catch (error) {
      if (requests[0] && isOverdue(error)) widths.suspect(tenantOf(requests[0]));
      return requests.map(() => ({ error }));
    }
  };
}

/** Those of a tenant whose row is held go apart, so that nobody else waits for it. */
function acceptHeld(acceptEvents: AcceptTogether) {
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
  return {
    isBusy: (request: EventRequest): boolean => apart.isBusy(tenantOf(request)),
    accept: (request: EventRequest): Promise<Outcome> =>
      apart.add(tenantOf(request), request).catch((error: unknown) => ({ error })),
  };
}

/**
 * Stores small plain events, those of many tenants in one statement: but not of a tenant whose row is held, or whose events
 * go to many endpoints, so that nobody else waits for it.
 *
 * @param acceptWide stores one of the latter
 */
export function acceptSmall(
  acceptEvents: AcceptTogether,
  widths: TenantWidths,
  acceptWide: (request: EventRequest) => Promise<Outcome>,
): (request: EventRequest) => Promise<Outcome> {
  const held = acceptHeld(acceptEvents);
  const again = acceptAgain(acceptEvents, widths);
  const besideHeld = async (requests: readonly EventRequest[]): Promise<readonly SharedOutcome[]> => {
    const others = requests.filter(({ limited }) => !limited);
    const outcomes = await acceptTogether(acceptEvents, others, null);
    const outcomeOf = new Map(others.map((request, index) => [request, outcomes[index] as Outcome]));
    return requests.map((request) => outcomeOf.get(request) ?? { held: held.accept(request) });
  };
  /** It need not be the database: whose events are most is tried one by one, and the others of each tenant together. */
  const afterTimeout = (requests: readonly EventRequest[], timeout: unknown): readonly SharedOutcome[] => {
    const groups = byTenant(requests);
    const most = groups.pop() ?? [];
    if (most[0]) widths.suspect(tenantOf(most[0]));
    if (groups.length === 0) return requests.map(() => ({ error: timeout }));
    const laterOf = new Map<EventRequest, Promise<Outcome>>(
      most.map((request) => [request, acceptWide(request).then(orTimeout(timeout))]),
    );
    for (const group of groups) {
      const outcomes = again(group, timeout);
      group.forEach((request, index) =>
        laterOf.set(
          request,
          outcomes.then((each) => each[index] as Outcome),
        ),
      );
    }
    return requests.map((request) => ({ held: laterOf.get(request) as Promise<Outcome> }));
  };
  const acceptShared = async (requests: readonly EventRequest[]): Promise<readonly SharedOutcome[]> => {
    try {
      return await acceptTogether(acceptEvents, requests, SHARED_PATIENCE_MS);
    } catch (error) {
      if (isLockTimeout(error)) return besideHeld(requests);
      if (isOverdue(error)) return afterTimeout(requests, error);
      throw error;
    }
  };
  const isWide = (request: EventRequest): boolean => widths.isWide(tenantOf(request));
  const shared = gather<EventRequest, SharedOutcome>({
    maxItems: MAX_REQUESTS_PER_STATEMENT,
    maxBatches: MAX_STATEMENTS,
    ownerOf: tenantOf,
    maxWaiting: MAX_WAITING_REQUESTS,
    maxWaitMs: ANSWER_BUDGET_MS,
    company: COMPANY,
    halves: true,
    async flush(requests) {
      // What a tenant is like may have been learned while its requests waited.
      const wide = new Map(requests.filter(isWide).map((request) => [request, { held: acceptWide(request) }]));
      if (wide.size === 0) return acceptShared(requests);
      const narrow = requests.filter((request) => !wide.has(request));
      const outcomes = await acceptShared(narrow).catch((error: unknown) => narrow.map(() => ({ error })));
      const outcomeOf = new Map(narrow.map((request, index) => [request, outcomes[index] as SharedOutcome]));
      return requests.map((request) => wide.get(request) ?? (outcomeOf.get(request) as SharedOutcome));
    },
  });
  return async (request) => {
    if (isWide(request)) return acceptWide(request);
    if (request.limited && held.isBusy(request)) return held.accept(request);
    const outcome = await shared(request);
    return 'held' in outcome ? outcome.held : outcome;
  };
}
