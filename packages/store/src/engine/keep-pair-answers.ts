import type { Database } from '../open-database.ts';
import { walkPages } from './walk-pages.ts';

/**
 * Writes the first answer of each pair that has fired beside the pair, before the event goes that it is read from: a pair may
 * stay fired for longer than events are kept. The event's payload is not among it.
 *
 * @param before pairs of events that were made before it
 * @returns how many answers were written; `null` when it was somebody else's turn
 */
export const keepPairAnswers = (database: Database, before: Date): Promise<number | null> =>
  walkPages(
    database,
    'fired_pairs',
    (tx, pages) => tx.$executeRaw`
      UPDATE fired_pairs f SET answer = jsonb_build_object(
        'id', v.id, 'type', v.type, 'jobId', v.job_id, 'createdAt', extract(epoch FROM v.created_at) * 1000,
        'deliveryCount', v.delivery_count, 'aggregateVersion', v.aggregate_version,
        'orderingKey', v.ordering_key,
        'firedWith', CASE WHEN o.id IS NOT NULL THEN jsonb_build_object('id', o.id, 'type', o.type) END)::text
      FROM events v LEFT JOIN events o ON o.id = v.fired_with
      WHERE f.ctid IN (SELECT ctid FROM fired_pairs
                       WHERE ${pages} AND answer IS NULL AND event_id < uuid_floor(${before}::timestamptz))
        AND v.id = f.event_id AND v.id < uuid_floor(${before}::timestamptz)`,
  );
