import type { Database } from '../open-database.ts';
import type { ClaimedDelivery, ClaimedRow } from './claimed-delivery.ts';

type EventRow = Pick<ClaimedDelivery, 'payload' | 'profile' | 'profileId'> & { readonly id: string };

/**
 * Adds what stands on the events' rows to what was claimed. A statement of its own: told their ids, it is planned for the
 * partitions that they are in, and a join is for all.
 */
export async function readClaimed(database: Database, rows: readonly ClaimedRow[]): Promise<ClaimedDelivery[]> {
  if (rows.length === 0) return [];
  const events = await database.$queryRaw<EventRow[]>`
    SELECT id, payload, profile, profile_id AS "profileId" FROM events
    WHERE id = ANY (${[...new Set(rows.map(({ eventId }) => eventId))]}::text[]::uuid[])`;
  const byId = new Map(events.map((event) => [event.id, event]));
  return rows.map((row) => {
    const event = byId.get(row.eventId);
    if (!event) throw new Error(`The event of delivery ${row.id} is not there`);
    return { ...row, payload: event.payload, profile: event.profile, profileId: event.profileId };
  });
}
