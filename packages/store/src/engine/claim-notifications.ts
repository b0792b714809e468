import type { Database } from '../open-database.ts';

/** What a mail tells of an endpoint: it was disabled, or keeps failing. */
export type NotificationKind = 'endpoint-disabled' | 'endpoint-failing';

/** A mail that is due: what happened, to which endpoint, and whom to tell. */
export interface DueNotification {
  readonly id: string;
  /** This try, from 1; it fences what is written after it. */
  readonly tries: number;
  readonly ageMs: number;
  readonly kind: NotificationKind;
  readonly reason: string;
  /** When the endpoint was disabled, or this was noticed. */
  readonly createdAt: Date;
  readonly tenantId: string;
  readonly tenantName: string;
  readonly email: string | null;
  readonly endpointId: string;
  readonly url: string;
  readonly description: string;
  /** The delivery that led to it, with its last attempt. */
  readonly deliveryId: string | null;
  readonly deliveryCreatedAt: Date | null;
  readonly eventId: string | null;
  readonly type: string | null;
  readonly attempt: number | null;
  readonly responseStatus: number | null;
  /** The beginning of it. */
  readonly responseBody: string | null;
  readonly error: string | null;
}

/** Of a response body, this much is read: more than a mail shows. */
const MAX_BODY_CHARACTERS = 2_000;

/**
 * Takes notifications that are due, the longest waiting first. Each is due again after `leaseMs` unless it is settled,
 * so that a process that dies with one loses nothing. Any number of dispatchers may call this at once.
 *
 * @param limit notifications at the most
 */
export function claimNotifications(database: Database, limit: number, leaseMs: number): Promise<DueNotification[]> {
  return database.$queryRaw<DueNotification[]>`
    WITH due AS (
      SELECT id FROM notifications
      WHERE status = 'pending' AND due_at <= now() AND kind IN ('endpoint-disabled', 'endpoint-failing')
      ORDER BY due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ), claimed AS (
      UPDATE notifications n SET tries = n.tries + 1, due_at = now() + ${leaseMs} * interval '1 millisecond'
      FROM due WHERE n.id = due.id
      RETURNING n.*
    )
    SELECT c.id, c.tries, (extract(epoch FROM now() - c.created_at) * 1000)::float8 AS "ageMs", c.kind, c.reason,
           c.created_at AS "createdAt", c.tenant_id AS "tenantId", t.name AS "tenantName", t.email,
           c.endpoint_id AS "endpointId", e.url, e.description, d.id AS "deliveryId",
           d.created_at AS "deliveryCreatedAt", d.event_id AS "eventId", d.type, a.number AS attempt,
           a.response_status AS "responseStatus", left(a.response_body, ${MAX_BODY_CHARACTERS}) AS "responseBody", a.error
    FROM claimed c
    JOIN tenants t ON t.id = c.tenant_id
    JOIN endpoints e ON e.id = c.endpoint_id
    LEFT JOIN deliveries d ON d.id = c.delivery_id
    LEFT JOIN attempts a ON a.delivery_id = d.id AND a.number = d.attempts`;
}
