import type { ParkedRequest } from '@posthorn/store/engine/claim-parked';
import type { ClaimedDelivery } from '@posthorn/store/engine/claimed-delivery';
import type { EndpointGate, EndpointOf } from './gate/endpoint-gate.ts';

export interface FeedParkedDeps {
  readonly gate: () => EndpointGate;
  readonly claimParked: (request: ParkedRequest) => Promise<readonly ClaimedDelivery[]>;
  readonly deliverRow: (delivery: ClaimedDelivery) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/**
 * Feeds an endpoint's parked rows into the room it has. One claim at a time for each endpoint: what becomes free
 * meanwhile is claimed together next.
 */
export function createParkedFeed({ gate, claimParked, deliverRow, onError }: FeedParkedDeps) {
  const busy = new Set<string>();

  const takeTurns = (endpoint: EndpointOf, room: number): number => {
    let turns = 0;
    while (turns < room && gate().tryEnter(endpoint)) turns += 1;
    return turns;
  };

  const feed = async (endpoint: EndpointOf, turns: number): Promise<void> => {
    const { endpointId, tenantId } = endpoint;
    let rows: readonly ClaimedDelivery[] = [];
    try {
      rows = await claimParked({ endpointId, tenantId, limit: turns });
    } catch (error) {
      onError(error);
    }
    busy.delete(endpointId);
    for (let unused = rows.length; unused < turns; unused += 1) gate().leave(endpoint);
    for (const row of rows) void deliverRow(row);
    gate().setParked(endpoint, rows.length === turns);
  };

  return (endpoint: EndpointOf, room: number): void => {
    if (busy.has(endpoint.endpointId)) return;
    const turns = takeTurns(endpoint, room);
    if (turns === 0) return;
    busy.add(endpoint.endpointId);
    void feed(endpoint, turns);
  };
}

/** Feeds the endpoints of one look; all of them are met first, since the only tenant of a dispatcher has all slots. */
export function feedFound(gate: Pick<EndpointGate, 'meet' | 'setParked'>, endpoints: readonly EndpointOf[]): void {
  gate.meet(endpoints);
  for (const endpoint of endpoints) gate.setParked(endpoint, true);
}
