import { askDriver } from '../ask-driver.ts';
import { Prisma } from '../generated/client.ts';
import type { Database, Transaction } from '../open-database.ts';
import { columnOf } from './column-of.ts';
import { confirmKeys } from './confirm-keys.ts';
import { countAgainstQuota } from './count-against-quota.ts';
import { countedCalls, noCalls } from './count-calls.ts';
import type { Accepted, AcceptedEvent, DueDelivery, EventRequest, NewEvent, RequestKey } from './event-request.ts';
import { limitFanOut } from './limit-fan-out.ts';
import { lineUp } from './line-up.ts';
import type { OrderingLine } from './ordering-line.ts';
import { parkOnInsert } from './park-on-insert.ts';
import { writeTextArray } from './write-text-array.ts';

/** An event, once for each delivery of it that wants a job; without an id: it waits for others in its line. */
interface FannedRow {
  readonly event_id: string;
  readonly delivery_count: number | null;
  readonly id: string | null;
  readonly endpoint_id: string | null;
}

/** One event of a request with the columns that only the asked one carries. */
interface EventRow {
  readonly event: NewEvent;
  readonly key: RequestKey | null;
}

function rowsOf(request: EventRequest): EventRow[] {
  return request.events.map((event, index) => {
    return { event, key: index === 0 ? request.idempotency : null };
  });
}

/** How events are written. */
export interface Writing {
  /** How long to wait for the row that counts a tenant's events; default: as every statement waits. */
  readonly patienceMs?: number | null;
  /** Whether their API calls are counted by this; default: yes. */
  readonly isMetered?: boolean;
  /** Whether it fails, as `isBeyond` tells, where one API call's events make more deliveries than a statement is to store; default: no. */
  readonly isLimited?: boolean;
}

/** One statement for any number of events: matches endpoints, writes events, meters the calls, fans out. */
function insertAll(
  database: Database | Transaction,
  requests: readonly EventRequest[],
  { patienceMs = null, isMetered = true, isLimited = false }: Writing,
): Promise<FannedRow[]> {
  const rows = requests.flatMap(rowsOf);
  const quota = countAgainstQuota(requests, patienceMs);
  const line = lineUp(rows.map(({ event }) => event));
  const room = parkOnInsert(requests, line);
  const keys = confirmKeys(requests);
  const few = limitFanOut(requests, isLimited);
  const column = (read: (event: NewEvent) => string | null) => columnOf(rows.map(({ event }) => read(event)));
  const calls = isMetered ? (quota.calls ?? countedCalls(requests, keys)) : noCalls;
  const keyColumn = <Value extends string | number>(read: (key: RequestKey) => Value) =>
    columnOf(rows.map(({ key }) => key && read(key)));
  const statement = Prisma.sql`${line.plan} WITH ${keys.first} ${quota.first} AS (
      SELECT * FROM unnest(
        ${column((event) => event.id)}::text[]::uuid[],
        ${column((event) => event.tenantId)}::text[]::uuid[],
        ${column((event) => event.type)}::text[],
        ${column((event) => event.jobId)}::text[],
        ${writeTextArray(rows.map(({ event }) => event.payload))}::text[],
        ${column((event) => event.createdAt.toISOString())}::text[]::timestamptz[],
        ${column((event) => String(event.attemptLimit))}::text[]::int[],
        ${column((event) => event.firedWith)}::text[]::uuid[],
        ${column((event) => event.onlyEndpointId)}::text[]::uuid[],
        ${column((event) => event.profile)}::text[],
        ${column((event) => event.profileId)}::text[]::uuid[],
        ${column((event) => String(event.timeoutMs))}::text[]::int[],
        ${column((event) => (event.aggregateVersion === null ? null : String(event.aggregateVersion)))}::text[]::bigint[],
        ${column((event) => event.probe ?? null)}::text[],
        ${keyColumn(({ key }) => key)}::text[],
        ${keyColumn(({ position }) => position)}::int[],
        ${keyColumn(({ digest }) => digest.toString('hex'))}::text[]
        ${line.columns} ${keys.column} ${quota.callColumn}
      ) ${quota.ordinality} AS t(id, tenant_id, type, job_id, payload, created_at, attempt_limit, fired_with, only_endpoint, profile,
             profile_id, timeout_ms, aggregate_version, probe, key, position, digest
             ${line.names} ${keys.name} ${quota.callNames})
      ${keys.holds}
    ), ${quota.input} metered AS (
      INSERT INTO usage_records (tenant_id, kind, quantity) ${calls}
    ), matched AS MATERIALIZED (
      SELECT i.id AS event_id, e.id AS endpoint_id, e.status = 'enabled' OR i.probe IS NOT NULL AS enabled, e.disabled_reason ${line.policy}
      FROM input i JOIN endpoints e ON e.tenant_id = i.tenant_id AND e.deleted_at IS NULL
      WHERE CASE WHEN i.only_endpoint IS NOT NULL THEN e.id = i.only_endpoint
                 ELSE cardinality(e.events) = 0 OR i.type = ANY (e.events) END
    ), ${few.counted} ${line.linedUp} ${room.ranked} accepted AS (
      INSERT INTO events (id, tenant_id, type, job_id, payload, profile, profile_id, timeout_ms, aggregate_version,
                          created_at, fired_with, delivery_count ${line.eventColumn})
      SELECT i.id, i.tenant_id, i.type, i.job_id, i.payload, i.profile, i.profile_id, i.timeout_ms, i.aggregate_version,
             i.created_at, i.fired_with,
             coalesce(c.deliveries, 0) ${line.eventValue}
      FROM input i LEFT JOIN (SELECT event_id, count(*) AS deliveries FROM matched GROUP BY event_id) c ON c.event_id = i.id
      ${few.asked}
      RETURNING id, delivery_count
    ), keyed AS (
      -- In one order for all, so that batches which share keys wait for each other instead of deadlocking.
      INSERT INTO idempotency_keys (tenant_id, key, position, digest, event_id)
      SELECT tenant_id, key, position, decode(digest, 'hex'), id FROM input WHERE key IS NOT NULL
      ORDER BY key, position
    ), fanned AS (
      -- Never later than this clock says: a replay is newer than what it replays, whichever node's clock is ahead.
      INSERT INTO deliveries (id, tenant_id, endpoint_id, event_id, type, job_id, status, attempt_limit, timeout_ms, due_at,
                              created_at, completed_at, last_error, probe, parked ${line.deliveryColumns})
      SELECT uuid_v7_at(least(i.created_at, now())), i.tenant_id, m.endpoint_id, i.id, i.type, i.job_id,
             CASE WHEN m.enabled THEN 'pending' ELSE 'skipped' END, i.attempt_limit, i.timeout_ms,
             ${line.dueAt}, least(i.created_at, now()),
             CASE WHEN m.enabled THEN NULL ELSE now() END,
             CASE WHEN m.enabled THEN NULL
                  ELSE 'The endpoint was disabled when the event came' || coalesce(': ' || m.disabled_reason, '') END,
             i.probe, ${room.parked} ${line.deliveryValues}
      FROM ${room.source} m JOIN input i ON i.id = m.event_id ${few.asked}
      RETURNING id, event_id, endpoint_id, status, parked, due_at
    )
    SELECT a.id AS event_id, a.delivery_count, f.id, f.endpoint_id
    FROM accepted a LEFT JOIN fanned f ON f.event_id = a.id AND f.status = 'pending' AND NOT f.parked ${line.free}
    ${line.behind}`;
  return askDriver<FannedRow>(database, statement);
}

function addTo<Item>(lists: Map<string, Item[]>, name: string, item: Item): void {
  const list = lists.get(name);
  if (list) list.push(item);
  else lists.set(name, [item]);
}

function describe(request: EventRequest, counts: ReadonlyMap<string, number>): AcceptedEvent {
  const [event, other] = request.events;
  return {
    id: event.id,
    type: event.type,
    jobId: event.jobId,
    createdAt: event.createdAt,
    deliveryCount: counts.get(event.id) ?? 0,
    aggregateVersion: event.aggregateVersion,
    orderingKey: event.orderingKey ?? null,
    firedWith: other ? { id: other.id, type: other.type } : null,
  };
}

/**
 * Writes events and their deliveries in one statement, which commits by itself outside a transaction. What goes beyond a
 * tenant's quota is left out, of one API call all of it, and so is what came with a key that has changed; deliveries that the queue has no room for are parked, and wait for
 * no job.
 *
 * @returns a result per request, in order
 * @throws when the database cannot be reached, or a key is already used (a unique violation)
 */
export async function insertEvents(
  database: Database | Transaction,
  requests: readonly EventRequest[],
  writing: Writing = {},
): Promise<Accepted[]> {
  if (requests.length === 0) return [];
  const rows = await insertAll(database, requests, writing);
  const counts = new Map<string, number>();
  const dueByEvent = new Map<string, DueDelivery[]>();
  const linesByEvent = new Map<string, OrderingLine[]>();
  const byId = new Map(requests.flatMap(({ events }) => events.map((event) => [event.id, event] as const)));
  for (const { id, endpoint_id: endpointId, event_id: eventId, delivery_count: count } of rows) {
    const { tenantId = '', attemptLimit = 1, orderingKey } = byId.get(eventId) ?? {};
    if (count !== null) counts.set(eventId, count);
    else if (endpointId !== null && orderingKey) addTo(linesByEvent, eventId, { endpointId, orderingKey });
    if (id !== null && endpointId !== null)
      addTo(dueByEvent, eventId, { id, tenantId, endpointId, generation: 0, attemptLimit });
  }
  return requests.map((request) =>
    counts.has(request.events[0].id)
      ? {
          kind: 'accepted',
          event: describe(request, counts),
          due: request.events.flatMap(({ id }) => dueByEvent.get(id) ?? []),
          waitsIn: request.events.flatMap(({ id }) => linesByEvent.get(id) ?? []),
        }
      : { kind: request.under ? 'unconfirmed' : 'over_quota' },
  );
}
