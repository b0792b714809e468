import { Prisma } from '../generated/client.ts';

/**
 * Disables the endpoints of `exhausted` (endpoint_id, delivery_id, reason), which must be in scope, and writes one
 * notification and one entry of the audit log for each that was enabled until then. Whoever changes the row notifies, so that
 * deliveries that end at once, here or in other dispatchers, lead to one mail.
 */
export const disableExhausted = Prisma.sql`
  disabled AS (
    UPDATE endpoints e SET status = 'disabled', disabled_reason = x.reason, disabled_by = 'failures'
    FROM (SELECT DISTINCT ON (endpoint_id) * FROM exhausted ORDER BY endpoint_id, delivery_id) x
    WHERE e.id = x.endpoint_id AND e.status = 'enabled' AND e.deleted_at IS NULL
    RETURNING e.id, e.tenant_id, x.delivery_id, x.reason
  ), notified AS (
    INSERT INTO notifications (id, tenant_id, endpoint_id, delivery_id, kind, reason)
    SELECT uuid_v7_at(now()), tenant_id, id, delivery_id, 'endpoint-disabled', reason FROM disabled
  ), noted AS (
    -- Chains are locked last, and in one order.
    INSERT INTO audit_entries (tenant_id, actor, action, object_type, object_id, fields)
    SELECT tenant_id, 'posthorn', 'disableEndpoint', 'endpoint', type_id('ep', id), '{status}' FROM disabled
    ORDER BY tenant_id, id
  )`;
