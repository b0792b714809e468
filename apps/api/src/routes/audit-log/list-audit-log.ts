import type { auditQuery } from '@posthorn/http-api/audit-log';
import { listAuditEntries } from '@posthorn/store/operator/list-audit-entries';
import type { z } from 'zod';
import type { Deps } from '../../deps.ts';
import { type Answer, ok } from '../../http/answer.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';
import { readFilterId } from '../read-id.ts';
import { readPageRequest, showPage } from '../show-page.ts';
import { showAuditEntry } from './show-audit-entry.ts';

/** `GET /v1/audit-log`: one tenant's chain, or every chain for the operator who names no tenant. */
export async function getAuditLog(
  { caller, tenant, query }: Call<TenantScope | null, z.output<typeof auditQuery>>,
  { database }: Pick<Deps, 'database'>,
): Promise<Answer> {
  const page = await listAuditEntries(database, readPageRequest('audit', query), {
    tenantId: tenant?.id ?? null,
    action: query.action,
    actor: query.actor,
    keyId: readFilterId('apiKey', 'key_id', query.key_id),
    objectId: query.object_id,
    createdAfter: query.created_after,
    createdBefore: query.created_before,
  });
  return ok(showPage('audit', page, (entry) => showAuditEntry(entry, caller?.kind === 'operator')));
}
