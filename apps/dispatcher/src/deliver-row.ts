import type { DeliveryJobRequest } from '@posthorn/queue/delivery-job';
import type { ClaimedDelivery } from '@posthorn/store/engine/claimed-delivery';
import type { Delivered } from './deliver.ts';
import type { EndpointGate } from './gate/endpoint-gate.ts';
import { holdTurn, type Turn } from './gate/hold-turn.ts';
import type { RetryRoom } from './retry-room.ts';

export interface DeliverRowDeps {
  readonly gate: Pick<EndpointGate, 'start' | 'answered' | 'recorded' | 'leave'>;
  readonly retryRoom: Pick<RetryRoom, 'take'>;
  readonly deliver: (delivery: ClaimedDelivery, turn: Turn) => Promise<Delivered>;
  readonly enqueue: (job: DeliveryJobRequest) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** Attempts a claimed row that has no job, and makes one if it must be tried again. The caller took its turn. */
export async function deliverRow(deps: DeliverRowDeps, delivery: ClaimedDelivery): Promise<void> {
  const turn = holdTurn(deps.gate, delivery);
  try {
    const delivered = await deps.deliver(delivery, turn);
    if (delivered.retryInMs === null || !deps.retryRoom.take(delivery.tenantId, delivered.retryInMs)) return;
    await deps.enqueue({
      deliveryId: delivery.id,
      tenantId: delivery.tenantId,
      endpointId: delivery.endpointId,
      generation: delivery.generation,
      attemptLimit: delivery.attemptLimit,
      delayMs: delivered.retryInMs,
    });
  } catch (error) {
    deps.onError(error);
  } finally {
    turn.end();
  }
}
