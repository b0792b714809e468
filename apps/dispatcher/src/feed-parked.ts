import type { ClaimedDelivery } from '@posthorn/store/engine/claimed-delivery';
import type { EndpointGate } from './endpoint-gate.ts';

export interface FeedParkedDeps {
  readonly gate: () => EndpointGate;
  readonly claimParked: (endpointId: string, limit: number) => Promise<ClaimedDelivery[]>;
  readonly deliverRow: (delivery: ClaimedDelivery) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/**
 * Feeds an endpoint's parked rows into the room it has. One claim at a time for each endpoint: what becomes free
 * meanwhile is claimed together next.
 */
export function createParkedFeed({ gate, claimParked, deliverRow, onError }: FeedParkedDeps) {
  const busy = new Set<string>();

  const takeTurns = (endpointId: string, room: number): number => {
    let turns = 0;
    while (turns < room && gate().tryEnter(endpointId)) turns += 1;
    return turns;
  };

  const feed = async (endpointId: string, turns: number): Promise<void> => {
    let rows: ClaimedDelivery[] = [];
    try {
      rows = await claimParked(endpointId, turns);
    } catch (error) {
      onError(error);
    }
    busy.delete(endpointId);
    for (let unused = rows.length; unused < turns; unused += 1) gate().leave(endpointId, null);
    for (const row of rows) void deliverRow(row);
    gate().setParked(endpointId, rows.length === turns);
  };

  return (endpointId: string, room: number): void => {
    if (busy.has(endpointId)) return;
    const turns = takeTurns(endpointId, room);
    if (turns === 0) return;
    busy.add(endpointId);
    void feed(endpointId, turns);
  };
}
