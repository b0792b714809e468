import type { Lane } from './create-lanes.ts';
import type { TenantShares } from './tenant-shares.ts';

/** How the slots that a tenant may take are shared between its endpoints. */
export interface EndpointShares {
  /** To be told whenever the endpoint may have begun or ceased to hold slots or to want some. */
  note(lane: Lane, isBusy: boolean): void;
  /** How many more slots the endpoint may take now. */
  left(lane: Lane): number;
  /** It has nothing left and wants more: it is named when its tenant gets a slot back. */
  holdBack(lane: Lane): void;
  /** One of those that were held back, the first first. */
  nextHeldBack(tenantId: string): Lane | undefined;
}

/** A tenant's endpoints that hold or want slots. */
interface Busy {
  readonly lanes: Set<Lane>;
  readonly heldBack: Set<Lane>;
}

/** The only one that is busy leaves a quarter of the slots, for who comes next while it hangs. */
const ALONE = 3;

/**
 * An endpoint may hold as many slots as it leaves to others of its tenant: the threshold of {@link TenantShares}, one level
 * down. Windows that grew while endpoints answered would otherwise hold all that their tenant has for as long as they hang,
 * and a good endpoint beside them would wait. The only one that is busy keeps its whole window, and claims ahead as well.
 */
export function createEndpointShares(slots: Pick<TenantShares, 'left'>): EndpointShares {
  const busyOf = new Map<string, Busy>();
  return {
    note(lane, isBusy) {
      const busy = busyOf.get(lane.tenantId);
      if (isBusy) {
        if (busy) busy.lanes.add(lane);
        else busyOf.set(lane.tenantId, { lanes: new Set([lane]), heldBack: new Set() });
      } else if (busy?.lanes.delete(lane)) {
        busy.heldBack.delete(lane);
        if (busy.lanes.size === 0) busyOf.delete(lane.tenantId);
      }
    },
    left(lane) {
      const left = slots.left(lane.tenantId);
      const busy = busyOf.get(lane.tenantId)?.lanes;
      const isAlone = !busy || busy.size < (busy.has(lane) ? 2 : 1);
      const factor = isAlone ? ALONE : 1;
      const least = isAlone ? lane.window - lane.held : Number(lane.held === 0);
      const share = Math.ceil((factor * left - lane.held) / (factor + 1));
      return Math.min(left, Math.max(0, least, share));
    },
    holdBack(lane) {
      busyOf.get(lane.tenantId)?.heldBack.add(lane);
    },
    nextHeldBack(tenantId) {
      const heldBack = busyOf.get(tenantId)?.heldBack;
      const [first] = heldBack ?? [];
      if (first) heldBack?.delete(first);
      return first;
    },
  };
}
