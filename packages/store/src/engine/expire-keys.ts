import type { Database } from '../open-database.ts';
import { walkPages } from './walk-pages.ts';

/**
 * Deletes idempotency keys whose event is gone: a key is good for as long as its event is kept.
 *
 * @param before only keys of events that were made before it are looked at
 * @returns how many were deleted; `null` when it was somebody else's turn
 */
export const expireKeys = (database: Database, before: Date): Promise<number | null> =>
  walkPages(
    database,
    'idempotency_keys',
    (tx, pages) => tx.$executeRaw`
      DELETE FROM idempotency_keys k
      WHERE ${pages} AND k.event_id < uuid_floor(${before}::timestamptz)
        AND NOT EXISTS (SELECT 1 FROM events v WHERE v.id = k.event_id AND v.id < uuid_floor(${before}::timestamptz))`,
  );
