import { noteAct } from '../note-act.ts';
import type { Transaction } from '../open-database.ts';
import { areConfirmed } from './confirm-keys.ts';
import type { Accepted, EventRequest, Settled } from './event-request.ts';
import { findByIdempotencyKey } from './find-by-idempotency-key.ts';
import { firePairs } from './fire-pairs.ts';
import { insertInPieces } from './insert-in-pieces.ts';
import { readAccepted } from './read-accepted.ts';

/** Rolls the transaction back: of several events posted together, all are accepted or none. */
export class NoneAccepted extends Error {
  readonly results: readonly Accepted[];
  constructor(results: readonly Accepted[]) {
    super('An idempotency key was used with another body, a quota is reached, or an API key has changed');
    this.results = results;
  }
}

/** Rolls the transaction back: the event that an earlier request was answered with is kept no longer. */
export class AnswerGone extends Error {
  constructor() {
    super('The event that answers a repeated request is not there');
  }
}

/** A request that an earlier event answered is remembered by its key too: its repetition gets the same answer. */
async function keepKeys(
  tx: Transaction,
  requests: readonly EventRequest[],
  known: readonly (Settled | null)[],
  settled: readonly (Settled | null)[],
): Promise<void> {
  const rows = requests.flatMap(({ idempotency, events: [{ tenantId }] }, index) => {
    const late = settled[index];
    if (!idempotency || known[index] !== null || late?.kind !== 'late') return [];
    const { key, position, digest } = idempotency;
    return [{ tenantId, key, position, digest: new Uint8Array(digest), eventId: late.eventId }];
  });
  rows.sort((a, b) => (a.key < b.key ? -1 : 1));
  if (rows.length > 0) await tx.idempotencyKey.createMany({ data: rows });
}

/** Puts the answers together, in the order of the requests. */
async function answer(
  tx: Transaction,
  settled: readonly (Settled | null)[],
  inserted: Accepted[],
): Promise<Accepted[]> {
  const late = settled.flatMap((each) => (each?.kind === 'late' ? [each.eventId] : []));
  const events = await readAccepted(tx, late);
  const results: Accepted[] = [];
  for (const each of settled) {
    if (each === null) results.push(inserted.shift() as Accepted);
    else if (each.kind === 'key_conflict') results.push(each);
    else {
      const first = each.kind === 'same' ? results[each.index] : undefined;
      const event =
        each.kind === 'late' ? (events.get(each.eventId) ?? each.kept) : first && 'event' in first && first.event;
      if (!event) throw new AnswerGone();
      results.push({ kind: 'replayed', event });
    }
  }
  return results;
}

/**
 * Settles keys and pairs, and stores what is new.
 *
 * @returns a result per request, in order
 * @throws TooManyDeliveries, and NoneAccepted when an idempotency key was used with another body, a quota is reached, or an API key has changed
 */
export async function acceptInTransaction(tx: Transaction, requests: readonly EventRequest[]): Promise<Accepted[]> {
  // First: what is answered with a stored event is not stored, and so not confirmed by that.
  if (!(await areConfirmed(tx, requests))) throw new NoneAccepted([{ kind: 'unconfirmed' }]);
  const known = await findByIdempotencyKey(tx, requests);
  const conflicts = known.filter((result) => result?.kind === 'key_conflict');
  if (conflicts.length > 0) throw new NoneAccepted(conflicts);
  const settled = await firePairs(tx, requests, known);
  await keepKeys(tx, requests, known, settled);
  const inserted = await insertInPieces(
    tx,
    requests.filter((_, index) => settled[index] === null),
  );
  const over = inserted.filter(({ kind }) => kind === 'over_quota' || kind === 'unconfirmed');
  if (over.length > 0) throw new NoneAccepted(over);
  const answers = await answer(tx, settled, inserted);
  for (const { act, events } of requests) if (act) await noteAct(tx, events[0].tenantId, act);
  return answers;
}
