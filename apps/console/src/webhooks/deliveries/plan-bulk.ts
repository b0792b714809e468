import { type DeliveryStatus, deliveryStatuses, isOpen } from '@posthorn/domain/delivery/delivery-status';
import type { Delivery } from '@posthorn/http-api/delivery';

export type BulkAction = 'replay' | 'cancel';

/** What a bulk change will do, told before it is done. */
export interface BulkPlan {
  readonly ids: readonly string[];
  /** How many of which status, in the order of the statuses. */
  readonly counts: readonly { readonly status: DeliveryStatus; readonly count: number }[];
  /** How many are left out because of their status. */
  readonly leftOut: number;
  /** How many are sent again although they succeeded. */
  readonly succeeded: number;
}

/** Final deliveries can be replayed, open ones cancelled. */
export function planBulk(action: BulkAction, deliveries: readonly Delivery[]): BulkPlan {
  const fitting = deliveries.filter(({ status }) => isOpen(status) === (action === 'cancel'));
  const counts = deliveryStatuses
    .map((status) => ({ status, count: fitting.filter((each) => each.status === status).length }))
    .filter(({ count }) => count > 0);
  return {
    ids: fitting.map(({ id }) => id),
    counts,
    leftOut: deliveries.length - fitting.length,
    succeeded: counts.find(({ status }) => status === 'succeeded')?.count ?? 0,
  };
}

/** The endpoint whose recovery does the same in one go: all selected are its own, and failed. */
export function recoverableEndpoint(deliveries: readonly Delivery[]): string | null {
  const [first] = deliveries;
  const isOne = deliveries.every(
    ({ endpoint_id, status }) => endpoint_id === first?.endpoint_id && status === 'failed',
  );
  return first && isOne ? first.endpoint_id : null;
}
