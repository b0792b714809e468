/** How the slots of a dispatcher, or its places to wait, are shared between tenants. */
export interface TenantShares {
  /** Tells that the tenant has deliveries here. */
  meet(tenantId: string): void;
  /** Whether the tenant may take one more. */
  mayTake(tenantId: string): boolean;
  /** How many more it may take now. */
  left(tenantId: string): number;
  take(tenantId: string): void;
  giveBack(tenantId: string): void;
  /** Taken by all. */
  taken(): number;
}

/** Tenants remembered at the most, so that it is known whether there is more than one. */
const MAX_REMEMBERED = 2;

/**
 * A tenant may have as many as are free after it (the dynamic threshold of Choudhury and Hahne, 1998, with a factor of one):
 * one that takes all it can gets half, the next one half of the rest, and whoever has none always finds one. So no tenant
 * whose receivers hang can make others wait for slots. The only tenant of a dispatcher has them all.
 */
export function createTenantShares(total: number): TenantShares {
  const takenBy = new Map<string, number>();
  const known = new Set<string>();
  let taken = 0;
  const left = (tenantId: string): number => {
    const free = total - taken;
    if (known.size < MAX_REMEMBERED) return free;
    const own = takenBy.get(tenantId) ?? 0;
    // With `own + n` taken, `free - n` are left: it may go on while it has fewer than are left.
    const share = Math.ceil((free - own) / 2);
    return Math.min(free, Math.max(own === 0 ? 1 : 0, share));
  };
  return {
    meet(tenantId) {
      if (known.size < MAX_REMEMBERED) known.add(tenantId);
    },
    left,
    mayTake: (tenantId) => left(tenantId) > 0,
    take(tenantId) {
      taken += 1;
      takenBy.set(tenantId, (takenBy.get(tenantId) ?? 0) + 1);
    },
    giveBack(tenantId) {
      taken -= 1;
      const own = (takenBy.get(tenantId) ?? 0) - 1;
      if (own > 0) takenBy.set(tenantId, own);
      else takenBy.delete(tenantId);
    },
    taken: () => taken,
  };
}
