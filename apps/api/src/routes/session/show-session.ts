import { scopes, tenantScopes } from '@posthorn/domain/scopes';
import { encodeTypeId } from '@posthorn/domain/type-id';
import type { Session } from '@posthorn/http-api/session';
import { findTenant } from '@posthorn/store/operator/find-tenant';
import type { Deps } from '../../deps.ts';
import type { Caller, CallerSession } from '../../http/request-context.ts';

/** A caller as the API shows it. @param session the console's; `null` where a key was sent */
export async function showSession(
  caller: Caller,
  session: CallerSession | null,
  { database }: Pick<Deps, 'database'>,
): Promise<Session> {
  const common = { expires_at: session?.expiresAt.toISOString() ?? null, csrf_token: session?.csrfToken ?? null };
  if (caller.kind === 'operator') {
    return { kind: 'operator', tenant_id: null, tenant_name: null, profile: null, scopes: [...scopes], ...common };
  }
  const tenant = await findTenant(database, caller.tenantId);
  return {
    kind: 'tenant',
    tenant_id: encodeTypeId('tenant', caller.tenantId),
    tenant_name: tenant?.name ?? null,
    profile: caller.profile,
    scopes: tenantScopes.filter((scope) => caller.scopes.includes(scope)),
    ...common,
  };
}
