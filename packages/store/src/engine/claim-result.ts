import type { ClaimedDelivery } from './claimed-delivery.ts';

/** A job's request for its row. */
export interface ClaimRequest {
  readonly deliveryId: string;
  readonly generation: number;
}

/**
 * What a request comes to. `early`: not due yet by the database's clock. `stale`: the row has moved on (final, another
 * generation, or claimed by someone else), and the job has nothing to do.
 */
export type ClaimResult =
  | { readonly kind: 'claimed'; readonly delivery: ClaimedDelivery }
  | { readonly kind: 'early'; readonly waitMs: number }
  | { readonly kind: 'stale' };
