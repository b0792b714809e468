import { askDriver } from '../ask-driver.ts';
import { Prisma } from '../generated/client.ts';
import type { Database } from '../open-database.ts';
import { cancelEventless } from './cancel-eventless.ts';
import type { ClaimedDelivery, ClaimedEndpoint, ClaimedRow, Lease } from './claimed-delivery.ts';

type EventRow = Pick<ClaimedDelivery, 'payload' | 'profile' | 'profileId'> & { readonly id: string };

/** Endpoints by their id: each stands in one of its rows. */
function readEndpoints(rows: readonly ClaimedRow[]): Map<string, ClaimedEndpoint> {
  const endpoints = new Map<string, ClaimedEndpoint>();
  for (const { endpointId, endpoint } of rows) {
    if (endpoint !== null) endpoints.set(endpointId, JSON.parse(endpoint) as ClaimedEndpoint);
  }
  return endpoints;
}

/**
 * Adds what stands on the events' rows to what was claimed. A statement of its own: told their ids, it is planned for the
 * partitions that they are in, and a join is for all. What has no event any more (no foreign key spans the partitions) is
 * cancelled and left out, so that it holds up nothing that was claimed with it.
 */
export async function readClaimed(
  database: Database,
  rows: readonly ClaimedRow[],
  { token }: Lease,
): Promise<ClaimedDelivery[]> {
  if (rows.length === 0) return [];
  const events = await askDriver<EventRow>(
    database,
    Prisma.sql`
    SELECT id, payload, profile, profile_id AS "profileId" FROM events
    WHERE id = ANY (${[...new Set(rows.map(({ eventId }) => eventId))]}::text[]::uuid[])`,
  );
  const endpoints = readEndpoints(rows);
  const byId = new Map(events.map((event) => [event.id, event]));
  const whole = rows.flatMap((row): ClaimedDelivery[] => {
    const event = byId.get(row.eventId);
    const endpoint = endpoints.get(row.endpointId);
    if (!event || !endpoint) return [];
    const { payload, profile, profileId } = event;
    // Into the row, which is ours: a copy of two dozen fields for each delivery is a fifteenth of what outlives a collection.
    return [Object.assign(row, { payload, profile, profileId, token, endpoint })];
  });
  if (whole.length < rows.length) {
    const eventless = rows.filter(({ eventId }) => !byId.has(eventId)).map(({ id }) => id);
    await cancelEventless(database, eventless, token);
  }
  return whole;
}
