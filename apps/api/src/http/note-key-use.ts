import type { Database } from '@posthorn/store/open-database';
import { touchApiKey } from '@posthorn/store/operator/touch-api-key';

/** `last_used_at` is exact to this. */
const EVERY_MS = 60_000;
const MAX_REMEMBERED_KEYS = 10_000;

/** Writes down that a key is in use, once a minute and beside the request; a write that fails is left to the next. */
export function createKeyUse(database: Database): (keyId: string) => void {
  const notedAt = new Map<string, number>();
  return (keyId) => {
    const now = Date.now();
    if (now - (notedAt.get(keyId) ?? 0) < EVERY_MS) return;
    if (notedAt.size >= MAX_REMEMBERED_KEYS) notedAt.clear();
    notedAt.set(keyId, now);
    touchApiKey(database, keyId, new Date(now)).catch(() => notedAt.delete(keyId));
  };
}
