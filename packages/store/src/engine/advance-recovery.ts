import { uuidFloor } from '@posthorn/domain/uuid-time';
import type { Database } from '../open-database.ts';
import type { DueDelivery } from './event-request.ts';
import { isLatest } from './latest-delivery.ts';

/** Deliveries that are replayed in one statement. */
const CHUNK_ROWS = 200;
/** A recovery waits while its endpoint has this many deliveries open: it must not bury what comes meanwhile. */
const MAX_OPEN_ROWS = 1_000;
const WAIT_SECONDS = 0.5;

interface Running {
  readonly id: string;
  readonly since: Date;
  readonly until: Date;
}

interface AdvancedRow {
  readonly id: string | null;
  readonly endpointId: string | null;
  readonly attemptLimit: number | null;
}

/** The chunk, the recovery's progress, and its end commit together: whoever dies in between, nothing is replayed twice. */
const advance = (database: Database, { id, since, until }: Running): Promise<AdvancedRow[]> => database.$queryRaw`
  WITH picked AS (
    SELECT r.*, e.status = 'enabled' AND e.deleted_at IS NULL AS reachable
    FROM recoveries r JOIN endpoints e ON e.id = r.endpoint_id
    WHERE r.id = ${id}::uuid AND r.status = 'running' AND r.next_at <= now()
    FOR UPDATE OF r SKIP LOCKED
  ), room AS (
    SELECT least(${CHUNK_ROWS}, ${MAX_OPEN_ROWS} - count(open.id))::int AS rows
    FROM picked p LEFT JOIN LATERAL (
      SELECT d.id FROM deliveries d WHERE d.endpoint_id = p.endpoint_id AND d.status IN ('pending', 'retrying')
      LIMIT ${MAX_OPEN_ROWS}) open ON true
  ), chunk AS (
    SELECT d.id, d.tenant_id, d.endpoint_id, d.event_id, d.type, d.job_id, d.attempt_limit
    FROM picked p JOIN deliveries d ON d.endpoint_id = p.endpoint_id AND d.tenant_id = p.tenant_id
    WHERE p.reachable AND d.id >= greatest(p.last_id, ${uuidFloor(since)}::uuid) AND d.id < ${uuidFloor(until)}::uuid
      AND d.id IS DISTINCT FROM p.last_id AND d.probe IS NULL AND d.status = ANY (p.statuses) AND ${isLatest}
    ORDER BY d.id LIMIT (SELECT rows FROM room)
  ), made AS (
    INSERT INTO deliveries (id, tenant_id, endpoint_id, event_id, type, job_id, status, attempt_limit, due_at, created_at,
                            replay_of)
    SELECT uuid_v7_at(now()), tenant_id, endpoint_id, event_id, type, job_id, 'pending', attempt_limit, now(), now(), id
    FROM chunk
    RETURNING id, endpoint_id, attempt_limit
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
  SELECT made.id, made.endpoint_id AS "endpointId", made.attempt_limit AS "attemptLimit" FROM moved LEFT JOIN made ON true`;

/**
 * Replays the next chunk of one recovery. Any number of dispatchers may call this at once.
 *
 * @returns the new deliveries, which want jobs; `null` when no recovery was to go on
 */
export async function advanceRecovery(database: Database): Promise<DueDelivery[] | null> {
  const [running] = await database.$queryRaw<Running[]>`
    SELECT id, since, until FROM recoveries WHERE status = 'running' AND next_at <= now() ORDER BY next_at LIMIT 1`;
  if (!running) return null;
  const rows = await advance(database, running);
  if (rows.length === 0) return null;
  return rows.flatMap(({ id, endpointId, attemptLimit }) =>
    id === null || endpointId === null || attemptLimit === null
      ? []
      : [{ id, endpointId, attemptLimit, generation: 0 }],
  );
}
