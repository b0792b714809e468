import { uuidFloor } from '@posthorn/domain/uuid-time';
import { Prisma } from '../generated/client.ts';
import type { Database, Transaction } from '../open-database.ts';
import type { DueDelivery } from './event-request.ts';
import { isLatest } from './latest-delivery.ts';
import { walkIndex } from './walk-index.ts';

/** Deliveries that are replayed in one statement. */
const CHUNK_ROWS = 200;
/** Deliveries of one status that a statement looks at: of most, what was replayed since may be the latest. */
const LOOKED_ROWS = 5_000;
/** A recovery waits while its endpoint has this many deliveries open: it must not bury what comes meanwhile. */
const MAX_OPEN_ROWS = 1_000;
const WAIT_SECONDS = 0.5;
/** One whose statement fails waits for so long, and lets the others go on. */
const AFTER_ERROR_SECONDS = 30;

/** Whether `r` is the first of its endpoint's recoveries that run. Two at once would not see what the other replays. */
const isFirst = Prisma.sql`NOT EXISTS (
  SELECT 1 FROM recoveries earlier
  WHERE earlier.endpoint_id = r.endpoint_id AND earlier.status = 'running'
    AND (earlier.created_at, earlier.id) < (r.created_at, r.id))`;

interface Running {
  readonly id: string;
  readonly tenantId: string;
  readonly endpointId: string;
  readonly statuses: readonly string[];
  readonly since: Date;
  readonly until: Date;
}

interface AdvancedRow {
  readonly id: string | null;
  readonly tenantId: string | null;
  readonly endpointId: string | null;
  readonly attemptLimit: number | null;
}

/** Each status by itself, and all of it named: only so is an index taken that has exactly these, by their ids. */
const inTurn = (status: string, { tenantId, endpointId, since, until }: Running): Prisma.Sql => Prisma.sql`
  FROM deliveries d
  WHERE d.tenant_id = ${tenantId}::uuid AND d.endpoint_id = ${endpointId}::uuid AND d.status = ${status}
    AND d.id >= greatest((SELECT last_id FROM picked), ${uuidFloor(since)}::uuid) AND d.id < ${uuidFloor(until)}::uuid
    AND d.id IS DISTINCT FROM (SELECT last_id FROM picked)
  ORDER BY d.id`;

/** What of one status is to be replayed, and how far it was looked for, where that ended before the chunk was full. */
const partOf = (status: string, index: number, running: Running): Prisma.Sql => {
  const [found, end] = [Prisma.raw(`found_${index}`), Prisma.raw(`end_${index}`)];
  return Prisma.sql`${found} AS (
    SELECT * FROM (
      SELECT d.id, d.tenant_id, d.endpoint_id, d.event_id, d.type, d.job_id, d.attempt_limit, d.timeout_ms, d.probe
      ${inTurn(status, running)} LIMIT ${LOOKED_ROWS}) d
    WHERE d.probe IS NULL AND ${isLatest} ORDER BY d.id LIMIT (SELECT rows FROM room)
  ), ${end} AS (
    SELECT CASE WHEN (SELECT count(*) FROM ${found}) < room.rows THEN
      (SELECT d.id ${inTurn(status, running)} OFFSET ${LOOKED_ROWS - 1} LIMIT 1) END AS id FROM room
  )`;
};

/** The chunk, the recovery's progress, and its end commit together: whoever dies in between, nothing is replayed twice. */
function advance(database: Transaction, running: Running): Promise<AdvancedRow[]> {
  const statuses = [...new Set(running.statuses)];
  const parts = statuses.map((status, index) => partOf(status, index, running));
  const named = (kind: 'found' | 'end'): Prisma.Sql =>
    Prisma.join(
      statuses.map((_, index) => Prisma.raw(`SELECT * FROM ${kind}_${index}`)),
      ' UNION ALL ',
    );
  return database.$queryRaw`
  WITH picked AS (
    SELECT r.*, e.status = 'enabled' AND e.deleted_at IS NULL AS reachable
    FROM recoveries r JOIN endpoints e ON e.id = r.endpoint_id
    WHERE r.id = ${running.id}::uuid AND r.status = 'running' AND r.next_at <= now() AND ${isFirst}
    FOR UPDATE OF r SKIP LOCKED
  ), room AS (
    SELECT least(${CHUNK_ROWS}, ${MAX_OPEN_ROWS} - count(open.id))::int AS rows
    FROM picked p LEFT JOIN LATERAL (
      SELECT d.id FROM deliveries d WHERE d.endpoint_id = p.endpoint_id AND d.status IN ('pending', 'retrying')
      LIMIT ${MAX_OPEN_ROWS}) open ON true
  ), ${Prisma.join(parts)}, looked AS (
    -- Up to here every status was looked at; NULL: all of it.
    SELECT id FROM (${named('end')}) ends WHERE id IS NOT NULL ORDER BY id LIMIT 1
  ), chunk AS (
    SELECT m.*, p.until FROM (${named('found')}) m, picked p
    WHERE p.reachable AND ((SELECT id FROM looked) IS NULL OR m.id <= (SELECT id FROM looked))
    ORDER BY m.id LIMIT (SELECT rows FROM room)
  ), held AS (
    -- So that their events are not taken away meanwhile.
    SELECT id FROM deliveries WHERE id IN (SELECT id FROM chunk) FOR KEY SHARE
  ), made AS (
    INSERT INTO deliveries (id, tenant_id, endpoint_id, event_id, type, job_id, status, attempt_limit, timeout_ms, due_at,
                            created_at, replay_of)
    -- Should the clock go back, what this makes must still not match.
    SELECT uuid_v7_at(greatest(now(), until)), tenant_id, endpoint_id, event_id, type, job_id, 'pending', attempt_limit,
           timeout_ms, now(), now(), id
    FROM chunk WHERE id IN (SELECT id FROM held)
    RETURNING id, tenant_id, endpoint_id, attempt_limit
  ), progress AS (
    SELECT (SELECT id FROM chunk ORDER BY id DESC LIMIT 1) AS last_id,
           count(*) < (SELECT rows FROM room) AS all_seen, (SELECT id FROM looked) AS looked
    FROM chunk
  ), moved AS (
    UPDATE recoveries r SET
      last_id = coalesce(CASE WHEN all_seen THEN looked END, g.last_id, r.last_id),
      replayed = r.replayed + (SELECT count(*) FROM made),
      next_at = CASE WHEN room.rows = 0 THEN now() + ${WAIT_SECONDS} * interval '1 second' ELSE now() END,
      status = CASE WHEN NOT p.reachable THEN 'stopped' WHEN all_seen AND looked IS NULL THEN 'done' ELSE 'running' END,
      finished_at = CASE WHEN NOT p.reachable OR (all_seen AND looked IS NULL) THEN now() END
    FROM picked p, room, progress g WHERE r.id = p.id
    RETURNING r.id
  )
  SELECT made.id, made.tenant_id AS "tenantId", made.endpoint_id AS "endpointId", made.attempt_limit AS "attemptLimit"
  FROM moved LEFT JOIN made ON true`;
}

const putOff = (database: Database, id: string): Promise<number> => database.$executeRaw`
  UPDATE recoveries SET next_at = now() + ${AFTER_ERROR_SECONDS} * interval '1 second'
  WHERE id = ${id}::uuid AND status = 'running'`;

/**
 * Replays the next chunk of one recovery. Any number of dispatchers may call this at once; the recoveries of one endpoint
 * take turns, so that the later one sees all that the earlier one replayed.
 *
 * @returns the new deliveries, which want jobs; `null` when no recovery was to go on
 * @throws when its statement failed; that recovery is put off
 */
export async function advanceRecovery(database: Database): Promise<DueDelivery[] | null> {
  const [running] = await database.$queryRaw<Running[]>`
    SELECT r.id, r.tenant_id AS "tenantId", r.endpoint_id AS "endpointId", r.since, r.until, r.statuses FROM recoveries r
    WHERE r.status = 'running' AND r.next_at <= now() AND ${isFirst} ORDER BY r.next_at LIMIT 1`;
  if (!running) return null;
  const rows = await walkIndex(database, (tx) => advance(tx, running)).catch(async (error: unknown) => {
    // Where the database is away, putting it off fails too, and there is no need to.
    await putOff(database, running.id).catch(() => undefined);
    throw new Error(`Recovery ${running.id} failed: ${String(error)}`, { cause: error });
  });
  if (rows.length === 0) return null;
  return rows.flatMap(({ id, tenantId, endpointId, attemptLimit }) =>
    id === null || tenantId === null || endpointId === null || attemptLimit === null
      ? []
      : [{ id, tenantId, endpointId, attemptLimit, generation: 0 }],
  );
}
