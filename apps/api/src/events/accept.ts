import { encodeTypeId } from '@posthorn/domain/type-id';
import type { Accepted, EventRequest } from '@posthorn/store/engine/event-request';
import type { Deps } from '../deps.ts';
import { conflict } from '../http/app-error.ts';
import { KeyUnconfirmed } from '../http/key-unconfirmed.ts';
import { noEventsLeft } from '../http/quota-exceeded.ts';
import type { Call } from '../routes/define-route.ts';

/** Requests that were accepted, now or before. */
export type Settled = Exclude<Accepted, { readonly kind: 'key_conflict' | 'over_quota' | 'unconfirmed' }>;

export type AcceptDeps = Pick<Deps, 'acceptEvents' | 'ringDoorbell' | 'releaseLines' | 'eventsAccepted' | 'upgradeUrl'>;
type Note = Call['note'];

/** Lets log, metrics and queue know of what was accepted now. @param note for the request's log line */
export function announce(
  results: readonly Accepted[],
  { ringDoorbell, releaseLines, eventsAccepted }: Omit<AcceptDeps, 'acceptEvents' | 'upgradeUrl'>,
  note: Note,
): void {
  const events: string[] = [];
  let deliveries = 0;
  for (const result of results) {
    if (result.kind !== 'accepted') continue;
    const { id, deliveryCount, firedWith } = result.event;
    eventsAccepted.inc(firedWith ? 2 : 1);
    events.push(encodeTypeId('event', id));
    deliveries += deliveryCount;
    ringDoorbell(result.due);
    releaseLines(result.waitsIn);
  }
  if (events.length > 0) note({ events, deliveries });
}

/**
 * Stores events and lets the queue know, without waiting for it.
 *
 * @returns a result per request, in order
 * @throws AppError `conflict` when an idempotency key was used with another body, `QuotaExceeded` when the tenant may
 *   post no more, `KeyUnconfirmed` when the remembered key may have changed; then none was accepted
 */
export async function accept(
  requests: readonly EventRequest[],
  deps: AcceptDeps,
  note: Note,
): Promise<readonly Settled[]> {
  const results = await deps.acceptEvents(requests);
  const clash = results.find((result) => result.kind === 'key_conflict');
  if (clash) throw conflict(`The idempotency key ${JSON.stringify(clash.key)} was used with another body.`);
  if (results.some(({ kind }) => kind === 'unconfirmed')) throw new KeyUnconfirmed();
  if (results.some(({ kind }) => kind === 'over_quota')) throw noEventsLeft(deps.upgradeUrl);
  const settled = results as readonly Settled[];
  announce(settled, deps, note);
  return settled;
}
