/** What waits for its turn, by the tenants that it belongs to. */
export interface TenantTurns<Item> {
  add(item: Item): void;
  /**
   * Serves one item of each tenant that may go on; who was served goes to the end.
   *
   * @returns whether there was one
   */
  serveRound(serve: (item: Item) => void, mayGoOn: (tenantId: string) => boolean): boolean;
}

export function createTurns<Item extends { readonly tenantId: string }>(): TenantTurns<Item> {
  const waiting = new Map<string, Item[]>();
  return {
    add(item) {
      const others = waiting.get(item.tenantId);
      if (others) others.push(item);
      else waiting.set(item.tenantId, [item]);
    },
    serveRound(serve, mayGoOn) {
      let served = false;
      // A tenant that is served is met again at the end: only those of now count.
      let turns = waiting.size;
      for (const [tenantId, items] of waiting) {
        if (turns === 0) break;
        turns -= 1;
        if (!mayGoOn(tenantId)) continue;
        waiting.delete(tenantId);
        const item = items.shift();
        if (items.length > 0) waiting.set(tenantId, items);
        if (item !== undefined) serve(item);
        served = true;
      }
      return served;
    },
  };
}
