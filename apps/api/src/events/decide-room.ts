import type { QueueRoom } from '@posthorn/queue/create-queue-room';
import type { EventRequest, JobRoom } from '@posthorn/store/engine/event-request';

/** Deliveries that an event is taken to make: nobody knows before it is stored, and the doorbell looks again afterwards. */
const DELIVERIES_PER_EVENT = 8;
/** Statements that may be under way at once, each of which is given the same room. */
const STATEMENTS = 3;

/** What the queue has room for, of a tenant that posts so many events; `null`: of all, as far as can be told. */
function roomOf(room: QueueRoom, tenantId: string, events: number): JobRoom | null {
  const jobs = room.left(tenantId);
  const jobsPerEndpoint = room.leftPerEndpoint(tenantId);
  const busy = room.busyEndpoints(tenantId, STATEMENTS * events);
  const hasPlenty = busy.size === 0 && jobsPerEndpoint >= STATEMENTS * events && jobs >= DELIVERIES_PER_EVENT * events;
  return hasPlenty ? null : { jobs, jobsPerEndpoint, busy };
}

/** The requests of one statement, with the room that the queue has for those that may need more than there is. */
export function decideRoom(room: QueueRoom, requests: readonly EventRequest[]): readonly EventRequest[] {
  const events = new Map<string, number>();
  for (const { events: own } of requests) {
    const { tenantId } = own[0];
    events.set(tenantId, (events.get(tenantId) ?? 0) + own.length);
  }
  const rooms = new Map([...events].map(([tenantId, count]) => [tenantId, roomOf(room, tenantId, count)]));
  return requests.map((request) => {
    const own = rooms.get(request.events[0].tenantId);
    return own ? { ...request, room: own } : request;
  });
}
