import { type Act, noteAct } from '../note-act.ts';
import type { TenantDatabase } from './scope-to-tenant.ts';

/** Takes one of the tenant's own types away; events of it stay. Returns whether there was one. */
export function deleteEventType(database: TenantDatabase, tenantId: string, name: string, act: Act): Promise<boolean> {
  return database.$transaction(async (tx) => {
    const { count } = await tx.eventType.deleteMany({ where: { name } });
    if (count > 0) await noteAct(tx, tenantId, act);
    return count > 0;
  });
}
