import { uuidFloor } from '@posthorn/domain/uuid-time';
import { Prisma } from '../generated/client.ts';
import type { Database } from '../open-database.ts';
import type { DueDelivery } from './event-request.ts';
import { isLatest } from './latest-delivery.ts';

/** Deliveries that are replayed in one statement. */
const CHUNK_ROWS = 200;
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
  readonly since: Date;
  readonly until: Date;
}

interface AdvancedRow {
  readonly id: string | null;
  readonly tenantId: string | null;
  readonly endpointId: string | null;
  readonly attemptLimit: number | null;
}

/** The chunk, the recovery's progress, and its end commit together: whoever dies in between, nothing is replayed twice. */
const advance = (database: Database, { id, since, until }: Running): Promise<AdvancedRow[]> => database.$queryRaw`
  WITH picked AS (
    SELECT r.*, e.status = 'enabled' AND e.deleted_at IS NULL AS reachable
    FROM recoveries r JOIN endpoints e ON e.id = r.endpoint_id
    WHERE r.id = ${id}::uuid AND r.status = 'running' AND r.next_at <= now() AND ${isFirst}
    FOR UPDATE OF r SKIP LOCKED
  ), room AS (
    SELECT least(${CHUNK_ROWS}, ${MAX_OPEN_ROWS} - count(open.id))::int AS rows
    FROM picked p LEFT JOIN LATERAL (
      SELECT d.id FROM deliveries d WHERE d.endpoint_id = p.endpoint_id AND d.status IN ('pending', 'retrying')
      LIMIT ${MAX_OPEN_ROWS}) open ON true
  ), chunk AS (
    SELECT d.id, d.tenant_id, d.endpoint_id, d.event_id, d.type, d.job_id, d.attempt_limit, d.timeout_ms, p.until
    FROM picked p JOIN deliveries d ON d.endpoint_id = p.endpoint_id AND d.tenant_id = p.tenant_id
    WHERE p.reachable AND d.id >= greatest(p.last_id, ${uuidFloor(since)}::uuid) AND d.id < ${uuidFloor(until)}::uuid
      AND d.id IS DISTINCT FROM p.last_id AND d.probe IS NULL AND d.status = ANY (p.statuses) AND ${isLatest}
    ORDER BY d.id LIMIT (SELECT rows FROM room)
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
  ), moved AS (
    UPDATE recoveries r SET
      last_id = coalesce((SELECT id FROM chunk ORDER BY id DESC LIMIT 1), r.last_id),
      replayed = r.replayed + (SELECT count(*) FROM made),
      next_at = CASE WHEN room.rows = 0 THEN now() + ${WAIT_SECONDS} * interval '1 second' ELSE now() END,
      status = CASE WHEN NOT p.reachable THEN 'stopped'
                    WHEN (SELECT count(*) FROM chunk) < room.rows THEN 'done' ELSE 'running' END,
      finished_at = CASE WHEN NOT p.reachable OR (SELECT count(*) FROM chunk) < room.rows THEN now() END
    FROM picked p, room WHERE r.id = p.id
    RETURNING r.id
  )
  SELECT made.id, made.tenant_id AS "tenantId", made.endpoint_id AS "endpointId", made.attempt_limit AS "attemptLimit"
  FROM moved LEFT JOIN made ON true`;

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
    SELECT r.id, r.since, r.until FROM recoveries r
    WHERE r.status = 'running' AND r.next_at <= now() AND ${isFirst} ORDER BY r.next_at LIMIT 1`;
  if (!running) return null;
  const rows = await advance(database, running).catch(async (error: unknown) => {
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
