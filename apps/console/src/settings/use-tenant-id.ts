import { actingTenant } from '../api/client.ts';
import { useSession } from '../shell/use-session.ts';

/** Whose settings are shown: the key's tenant, or the one that the operator acts as. */
export const useTenantId = (): string => useSession().tenant_id ?? actingTenant() ?? '';
