import { Prisma } from '../generated/client.ts';

/**
 * Enables the endpoints that answered a probe which asks for it, if failures had disabled them and the URL is still the one
 * that answered, with an entry of the audit log. `input` and `moved` must be in scope.
 */
export const enableProbed = Prisma.sql`
  enabled AS (
    UPDATE endpoints e SET status = 'enabled', disabled_reason = NULL, disabled_by = NULL
    FROM (SELECT DISTINCT m.endpoint_id, i.enables AS url FROM moved m JOIN input i USING (attempt_id)
          WHERE m.status = 'succeeded' AND i.enables IS NOT NULL) p
    WHERE e.id = p.endpoint_id AND e.url = p.url AND e.status = 'disabled' AND e.disabled_by = 'failures' AND e.deleted_at IS NULL
    RETURNING e.id, e.tenant_id
  ), enabling_noted AS (
    INSERT INTO audit_entries (tenant_id, actor, action, object_type, object_id, fields)
    SELECT tenant_id, 'posthorn', 'enableEndpoint', 'endpoint', type_id('ep', id), '{status}' FROM enabled
    ORDER BY tenant_id, id
  )`;
