import { askDriver } from '../ask-driver.ts';
import { Prisma } from '../generated/client.ts';
import type { Database } from '../open-database.ts';
import { cancelEventless } from './cancel-eventless.ts';
import type {
  ClaimedDelivery,
  ClaimedEndpoint,
  ClaimedEvent,
  ClaimedRow,
  Lease,
  RowWithEvent,
} from './claimed-delivery.ts';

/** Endpoints by their id: each stands in one of its rows. */
function readEndpoints(rows: readonly ClaimedRow[]): Map<string, ClaimedEndpoint> {
  const endpoints = new Map<string, ClaimedEndpoint>();
  for (const { endpointId, endpoint } of rows) {
    if (endpoint !== null) endpoints.set(endpointId, JSON.parse(endpoint) as ClaimedEndpoint);
  }
  return endpoints;
}

/**
 * Events by their id: from the rows that have them, the others by a statement of its own. Told their ids, that is planned for
 * the partitions that they are in, wherever those are.
 */
async function readEvents(database: Database, rows: readonly RowWithEvent[]): Promise<Map<string, ClaimedEvent>> {
  const events = new Map<string, ClaimedEvent>();
  for (const { eventId, payload, profile, profileId } of rows) {
    if (typeof payload === 'string' && typeof profile === 'string')
      events.set(eventId, { payload, profile, profileId: profileId ?? null });
  }
  const missing = new Set(rows.map(({ eventId }) => eventId).filter((id) => !events.has(id)));
  if (missing.size === 0) return events;
  const read = await askDriver<ClaimedEvent & { readonly id: string }>(
    database,
    Prisma.sql`
    SELECT id, payload, profile, profile_id AS "profileId" FROM events
    WHERE id = ANY (${[...missing]}::text[]::uuid[])`,
  );
  for (const event of read) events.set(event.id, event);
  return events;
}

/**
 * Adds what stands on the events' rows to what was claimed. What has no event any more (no foreign key spans the partitions) is
 * cancelled and left out, so that it holds up nothing that was claimed with it.
 */
export async function readClaimed(
  database: Database,
  rows: readonly RowWithEvent[],
  { token }: Lease,
): Promise<ClaimedDelivery[]> {
  if (rows.length === 0) return [];
  const events = await readEvents(database, rows);
  const endpoints = readEndpoints(rows);
  const whole = rows.flatMap((row): ClaimedDelivery[] => {
    const event = events.get(row.eventId);
    const endpoint = endpoints.get(row.endpointId);
    if (!event || !endpoint) return [];
    const { payload, profile, profileId } = event;
    // Into the row, which is ours: a copy of two dozen fields for each delivery is a fifteenth of what outlives a collection.
    return [Object.assign(row, { payload, profile, profileId, token, endpoint })];
  });
  if (whole.length < rows.length) {
    const eventless = rows.filter(({ eventId }) => !events.has(eventId)).map(({ id }) => id);
    await cancelEventless(database, eventless, token);
  }
  return whole;
}
