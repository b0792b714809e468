import type { Delivery } from '@posthorn/http-api/delivery';
import type { Endpoint } from '@posthorn/http-api/endpoint';

/** The endpoints that were read last. */
interface Known {
  readonly rows: readonly Endpoint[];
  /** Whether there are others. */
  readonly more: boolean;
  /** When they were read, ms since the epoch. */
  readonly readAt: number;
}

type Sent = Pick<Delivery, 'endpoint_id' | 'created_at'>;

/** Where a delivery goes. @returns null: deleted since; undefined: not known */
export function findEndpointOf(delivery: Sent, known: Known | undefined): Endpoint | null | undefined {
  if (!known) return undefined;
  const found = known.rows.find(({ id }) => id === delivery.endpoint_id);
  // One that was made after they were read is none of them either.
  return found ?? (known.more || Date.parse(delivery.created_at) >= known.readAt ? undefined : null);
}
