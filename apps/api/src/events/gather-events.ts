import { gather } from '@posthorn/runtime/gather';
import { gatherApart } from '@posthorn/runtime/gather-apart';
import type { Accepted, EventRequest } from '@posthorn/store/engine/event-request';
import { ANSWER_BUDGET_MS } from '../http/answer-budget.ts';
import { type AcceptTogether, acceptSmall, type Outcome, tenantOf } from './accept-small.ts';
import { createTenantWidths } from './tenant-widths.ts';

/**
 * Of one tenant, requests under way at once that share no statement. With a quota they go one after the other anyway, and of
 * single events to many endpoints more at once would be no faster.
 */
const MAX_ALONE = 4;
const MAX_ALONE_LIMITED = 2;
const MAX_ALONE_WIDE = 2;
const MAX_WAITING_ALONE = 500;
/** And of all tenants together: small plain events always have connections left. */
const MAX_ALONE_TOGETHER = 5;
const MAX_WAITING_TOGETHER = 2_000;
/** A larger payload goes by itself, so that a statement stays small. */
const MAX_GATHERED_CHARACTERS = 16_384;

const isPlain = ({ idempotency, firesPairFor, endsPairOf, act }: EventRequest): boolean =>
  idempotency === null && firesPairFor === null && endsPairOf === null && !act;

const isSmall = ({ events }: EventRequest): boolean =>
  events.reduce((sum, { payload }) => sum + payload.length, 0) <= MAX_GATHERED_CHARACTERS;

/** Remembers whose events go to many endpoints. */
function rememberWidths(acceptEvents: AcceptTogether) {
  const widths = createTenantWidths();
  const accept: AcceptTogether = async (requests, patienceMs) => {
    const results = await acceptEvents(requests, patienceMs);
    widths.note(requests, results);
    return results;
  };
  return { widths, accept };
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
  const { widths, accept } = rememberWidths(acceptEvents);
  // Every tenant has few of them here at once, so that none waits behind all of another's.
  const together = gather<readonly EventRequest[], readonly Accepted[]>({
    maxItems: 1,
    maxBatches: MAX_ALONE_TOGETHER,
    maxWaiting: MAX_WAITING_TOGETHER,
    maxWaitMs: ANSWER_BUDGET_MS,
    flush: async ([requests = []]) => [await accept(requests)],
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
  const aloneWide = alone(MAX_ALONE_WIDE);
  const acceptWide = (request: EventRequest): Promise<Outcome> =>
    aloneWide.add(tenantOf(request), [request]).then(
      ([accepted]) => ({ accepted: accepted as Accepted }),
      (error: unknown) => ({ error }),
    );
  const acceptOne = acceptSmall(accept, widths, acceptWide);
  return async (requests) => {
    const [first] = requests;
    if (!first) return [];
    if (requests.length !== 1 || !isPlain(first) || !isSmall(first)) {
      const tenantId = tenantOf(first);
      const few = first.limited ? aloneLimited : aloneWide;
      return (first.limited || widths.isWide(tenantId) ? few : aloneUnlimited).add(tenantId, requests);
    }
    const outcome = await acceptOne(first);
    if ('error' in outcome) throw outcome.error;
    return [outcome.accepted];
  };
}
