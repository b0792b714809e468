import type { LiveKey } from '@posthorn/store/operator/find-live-keys';

const MAX_REMEMBERED_KEYS = 10_000;

/** Keys as they were found last. What is done by a remembered key has to confirm it. */
export interface KeyMemory {
  recall(keyId: string): LiveKey | null;
  keep(live: LiveKey): void;
  forget(keyId: string): void;
}

export function createKeyMemory(): KeyMemory {
  const keys = new Map<string, LiveKey>();
  return {
    recall: (keyId) => keys.get(keyId) ?? null,
    keep(live) {
      if (keys.size >= MAX_REMEMBERED_KEYS && !keys.has(live.id)) keys.clear();
      keys.set(live.id, live);
    },
    forget: (keyId) => void keys.delete(keyId),
  };
}
