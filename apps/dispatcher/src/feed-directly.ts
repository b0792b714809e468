import type { DueDelivery } from '@posthorn/store/engine/event-request';
import type { DispatcherDeps } from './deps.ts';

/** Attempts due rows without the queue, as many as their endpoints have turns for. @returns how many */
export async function feedDirectly(
  { gate, claim, deliverRow }: Pick<DispatcherDeps, 'gate' | 'claim' | 'deliverRow'>,
  rows: readonly DueDelivery[],
): Promise<number> {
  const entered = rows.filter((row) => gate.tryEnter(row));
  const claims = await Promise.allSettled(entered.map(({ id, generation }) => claim({ deliveryId: id, generation })));
  let fed = 0;
  for (const [index, each] of claims.entries()) {
    const endpointId = entered[index]?.endpointId ?? '';
    if (each.status === 'rejected' || each.value.kind !== 'claimed') gate.leave(endpointId, null);
    else {
      fed += 1;
      void deliverRow(each.value.delivery);
    }
  }
  return fed;
}
