import type { ClaimRequest, ClaimResult } from '@posthorn/store/engine/claim-result';
import type { ClaimedDelivery } from '@posthorn/store/engine/claimed-delivery';
import type { DueDelivery } from '@posthorn/store/engine/event-request';
import type { EndpointGate } from './gate/endpoint-gate.ts';

export interface FeedDirectlyDeps {
  readonly gate: Pick<EndpointGate, 'tryEnter' | 'leave'>;
  readonly claim: (request: ClaimRequest) => Promise<ClaimResult>;
  readonly deliverRow: (delivery: ClaimedDelivery) => Promise<void>;
}

/** Attempts due rows without the queue, whose turns were taken. @returns how many could be claimed */
export async function attemptEntered(deps: FeedDirectlyDeps, entered: readonly DueDelivery[]): Promise<number> {
  const claims = await Promise.allSettled(
    entered.map(({ id, generation }) => deps.claim({ deliveryId: id, generation })),
  );
  let fed = 0;
  for (const [index, row] of entered.entries()) {
    const each = claims[index];
    if (each === undefined || each.status === 'rejected' || each.value.kind !== 'claimed') deps.gate.leave(row);
    else {
      fed += 1;
      void deps.deliverRow(each.value.delivery);
    }
  }
  return fed;
}

/** Attempts due rows without the queue, as many as their endpoints have turns for. @returns how many */
export const feedDirectly = (deps: FeedDirectlyDeps, rows: readonly DueDelivery[]): Promise<number> =>
  attemptEntered(
    deps,
    rows.filter((row) => deps.gate.tryEnter(row)),
  );
