import { Prisma } from '../generated/client.ts';
import type { EventRequest, JobRoom } from './event-request.ts';

/** Where the deliveries are that are about to be made, as `m`, and which of them are held. */
interface Fanned {
  readonly source: Prisma.Sql;
  readonly held: Prisma.Sql;
}

/**
 * The fan-out with what the queue has room for: its source and `input` must be in scope. Somebody waits for the answer to a
 * probe, so it always gets its job; what is held gets none now, and takes no room.
 */
function partsFor(rooms: ReadonlyMap<string, JobRoom>, { source, held }: Fanned) {
  const tenants = [...rooms];
  const busy = tenants.flatMap(([, room]) => [...room.busy]);
  return {
    ranked: Prisma.sql`ranked AS (
      SELECT m.*, m.enabled AND NOT ${held} AND i.probe IS NULL AND (
               row_number() OVER (PARTITION BY i.tenant_id, m.enabled, ${held}) > r.jobs
               OR row_number() OVER (PARTITION BY m.endpoint_id, ${held}) > coalesce(b.jobs, r.jobs_per_endpoint)) IS TRUE AS parked
      FROM ${source} m JOIN input i ON i.id = m.event_id
      LEFT JOIN unnest(${tenants.map(([id]) => id)}::text[]::uuid[],
                       ${tenants.map(([, { jobs }]) => jobs)}::int[],
                       ${tenants.map(([, { jobsPerEndpoint }]) => jobsPerEndpoint)}::int[]
           ) AS r(tenant_id, jobs, jobs_per_endpoint) ON r.tenant_id = i.tenant_id
      LEFT JOIN unnest(${busy.map(([id]) => id)}::text[]::uuid[], ${busy.map(([, jobs]) => jobs)}::int[]
           ) AS b(endpoint_id, jobs) ON b.endpoint_id = m.endpoint_id
    ),`,
    source: Prisma.sql`ranked`,
    parked: Prisma.sql`m.parked`,
  };
}

const noParts = { ranked: Prisma.empty, parked: Prisma.sql`false` };

/** The parts of the statement that stores events which decide what is parked: none where the queue has room for all. */
export function parkOnInsert(requests: readonly EventRequest[], fanned: Fanned) {
  const rooms = new Map(requests.flatMap(({ room, events }) => (room ? [[events[0].tenantId, room] as const] : [])));
  return rooms.size === 0 ? { ...noParts, source: fanned.source } : partsFor(rooms, fanned);
}
