import { type GatherOptions, gather } from './gather.ts';

/** Calls that are gathered by key. */
export interface GatherApart<Item, Result> {
  add(key: string, item: Item): Promise<Result>;
  /** Whether anything of the key waits or is under way. */
  isBusy(key: string): boolean;
}

/**
 * Like {@link gather}, with batches in which all items have the same key: what holds one key's batch up holds no other's.
 * The options hold for each key by itself.
 */
export function gatherApart<Item, Result>(options: GatherOptions<Item, Result>): GatherApart<Item, Result> {
  const groups = new Map<string, { readonly gathered: (item: Item) => Promise<Result>; waiting: number }>();
  return {
    async add(key, item) {
      const group = groups.get(key) ?? { gathered: gather(options), waiting: 0 };
      groups.set(key, group);
      group.waiting += 1;
      try {
        return await group.gathered(item);
      } finally {
        group.waiting -= 1;
        if (group.waiting === 0) groups.delete(key);
      }
    },
    isBusy: (key) => groups.has(key),
  };
}
