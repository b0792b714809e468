import { type Act, noteAct } from '../note-act.ts';
import type { Database, Transaction } from '../open-database.ts';
import type { DeliveryRow } from '../tenant/list-deliveries.ts';

export type Replayed =
  | { readonly kind: 'replayed'; readonly delivery: DeliveryRow; readonly attemptLimit: number }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'endpoint_deleted' }
  | { readonly kind: 'endpoint_disabled' };

/** What was asked for and, where it was made, the new delivery. */
interface ReplayRow extends DeliveryRow {
  readonly deleted: boolean;
  readonly made: boolean;
  readonly attemptLimit: number;
}

const replay = (tx: Transaction, tenantId: string, id: string): Promise<ReplayRow[]> =>
  tx.$queryRaw`
    WITH source AS (
      SELECT d.*, e.status = 'enabled' AS enabled, e.deleted_at IS NOT NULL AS deleted
      FROM deliveries d JOIN endpoints e ON e.id = d.endpoint_id
      WHERE d.id = ${id}::uuid AND d.tenant_id = ${tenantId}::uuid
      -- So that its event is not taken away meanwhile.
      FOR KEY SHARE OF d
    ), made AS (
      INSERT INTO deliveries (id, tenant_id, endpoint_id, event_id, type, job_id, status, attempt_limit, timeout_ms,
                              due_at, created_at, replay_of)
      SELECT uuid_v7_at(now()), tenant_id, endpoint_id, event_id, type, job_id, 'pending', attempt_limit, timeout_ms,
             now(), now(), id
      FROM source WHERE enabled AND NOT deleted
      RETURNING *
    )
    SELECT s.deleted, m.id IS NOT NULL AS made, m.id, m.endpoint_id AS "endpointId", m.event_id AS "eventId", m.type,
           m.job_id AS "jobId", m.status, m.attempts, m.due_at AS "dueAt",
           m.last_response_status AS "lastResponseStatus", m.last_error AS "lastError", m.replay_of AS "replayOf",
           m.ordering_key AS "orderingKey",
           m.created_at AS "createdAt", m.completed_at AS "completedAt", m.attempt_limit AS "attemptLimit"
    FROM source s LEFT JOIN made m ON true`;

/** Makes a new delivery of the same event to the same endpoint, due at once by the database's clock, with its own attempts. */
export async function replayDelivery(database: Database, tenantId: string, id: string, act: Act): Promise<Replayed> {
  const row = await database.$transaction(async (tx) => {
    const [found] = await replay(tx, tenantId, id);
    if (found?.made) await noteAct(tx, tenantId, act);
    return found;
  });
  if (!row) return { kind: 'not_found' };
  const { deleted, made, attemptLimit, ...delivery } = row;
  if (deleted) return { kind: 'endpoint_deleted' };
  return made ? { kind: 'replayed', delivery, attemptLimit } : { kind: 'endpoint_disabled' };
}
