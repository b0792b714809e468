import type { Arranged } from '@posthorn/testkit/arrange';
import { v7 } from 'uuid';
import { claimDeliveries } from '../src/engine/claim-deliveries.ts';
import type { ClaimedDelivery } from '../src/engine/claimed-delivery.ts';
import type { DueDelivery } from '../src/engine/event-request.ts';
import { type AttemptRecord, recordAttempts } from '../src/engine/record-attempts.ts';
import { attemptOf } from './age-events.ts';

/** Does with deliveries what a dispatcher does, step by step. */
export interface LineWalker {
  /** @returns what is under a lease now */
  claim(due: readonly Pick<DueDelivery, 'id' | 'generation'>[]): Promise<ClaimedDelivery[]>;
  record(claimed: readonly ClaimedDelivery[], next: AttemptRecord['next']): Promise<void>;
  /** Claims and records at once. */
  attempt(due: readonly Pick<DueDelivery, 'id' | 'generation'>[], next: AttemptRecord['next']): Promise<void>;
  /** Ids of what is held at an endpoint, in the order of its line. */
  heldAt(endpointId: string): Promise<string[]>;
}

export function walkLines({ database }: Arranged): LineWalker {
  const claim: LineWalker['claim'] = async (due) => {
    const requests = due.map(({ id, generation }) => ({ deliveryId: id, generation }));
    const results = await claimDeliveries(database, requests, { token: v7(), dispatcherId: null, marginMs: 60_000 });
    return results.flatMap((result) => (result.kind === 'claimed' ? [result.delivery] : []));
  };
  const record: LineWalker['record'] = async (claimed, next) => {
    await recordAttempts(
      database,
      claimed.map((delivery) => attemptOf(delivery, next)),
    );
  };
  return {
    claim,
    record,
    attempt: async (due, next) => record(await claim(due), next),
    async heldAt(endpointId) {
      const rows = await database.$queryRaw<{ id: string }[]>`
        SELECT id FROM deliveries WHERE endpoint_id = ${endpointId}::uuid AND due_at = held_until()
        ORDER BY ordering_position`;
      return rows.map(({ id }) => id);
    },
  };
}
