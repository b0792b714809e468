import { v7 } from 'uuid';
import type { DeliveryJobRequest } from '../src/delivery-job.ts';

/** A job of a delivery, a tenant and an endpoint of its own. */
export const job = (over: Partial<DeliveryJobRequest> = {}): DeliveryJobRequest => ({
  deliveryId: v7(),
  tenantId: v7(),
  endpointId: v7(),
  generation: 0,
  attemptLimit: 6,
  delayMs: 0,
  ...over,
});
