import type { ClaimedDelivery } from '@posthorn/store/engine/claimed-delivery';
import type { OrderingLine } from '@posthorn/store/engine/ordering-line';
import type { RecordResult } from '@posthorn/store/engine/record-attempts';

type Attempted = Pick<ClaimedDelivery, 'endpointId' | 'orderingKey' | 'number' | 'endpoint'>;

/** The line in which an attempt may have let the next delivery pass: it was the last, or one more than the endpoint waits for. */
export function freedLine(delivery: Attempted, recorded: RecordResult): OrderingLine | null {
  const { endpointId, orderingKey, number } = delivery;
  const { orderingSkipAfter } = delivery.endpoint;
  if (orderingKey === null || recorded.kind === 'lost') return null;
  const passed = orderingSkipAfter !== null && number >= orderingSkipAfter;
  return recorded.status !== 'retrying' || passed ? { endpointId, orderingKey } : null;
}
