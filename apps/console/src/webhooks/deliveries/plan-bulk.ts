import { type DeliveryStatus, deliveryStatuses, isOpen } from '@posthorn/domain/delivery/delivery-status';
import type { Delivery } from '@posthorn/http-api/delivery';

export type BulkAction = 'replay' | 'cancel';

/** From here on Enter alone does not start a bulk change. */
const MANY = 50;

/** What a bulk change will do, told before it is done. */
export interface BulkPlan {
  readonly ids: readonly string[];
  /** How many of which status, in the order of the statuses. */
  readonly counts: readonly { readonly status: DeliveryStatus; readonly count: number }[];
  /** How many are left out, and why. */
  readonly leftOut: {
    /** A delivery in such a status cannot be changed so. */
    readonly unfit: number;
    /** They were replayed already. */
    readonly replayed: number;
    /** The receiver has them. */
    readonly succeeded: number;
  };
  /** Whether somebody should think twice. */
  readonly isGrave: boolean;
}

/** What matters to a replay alone. */
export interface ReplayTerms {
  /** Those that were replayed already. */
  readonly replayed: ReadonlySet<string>;
  /** Whether those that succeeded are sent once more. */
  readonly againSucceeded: boolean;
}

/** Final deliveries can be replayed, open ones cancelled. */
export function planBulk(
  action: BulkAction,
  deliveries: readonly Delivery[],
  { replayed, againSucceeded }: ReplayTerms,
): BulkPlan {
  const isReplay = action === 'replay';
  const fitting = deliveries.filter(({ status }) => isOpen(status) !== isReplay);
  const fresh = fitting.filter(({ id }) => !isReplay || !replayed.has(id));
  const taken = fresh.filter(({ status }) => againSucceeded || status !== 'succeeded');
  const counts = deliveryStatuses
    .map((status) => ({ status, count: taken.filter((each) => each.status === status).length }))
    .filter(({ count }) => count > 0);
  return {
    ids: taken.map(({ id }) => id),
    counts,
    leftOut: {
      unfit: deliveries.length - fitting.length,
      replayed: fitting.length - fresh.length,
      succeeded: fresh.length - taken.length,
    },
    isGrave: taken.length > MANY || counts.some(({ status }) => status === 'succeeded'),
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
