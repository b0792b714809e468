import { type Act, noteAct } from '../note-act.ts';
import type { Database } from '../open-database.ts';
import { lockTenant } from './lock-tenant.ts';

/** Deletes a tenant's profile unless the tenant has it; what was accepted under it keeps it. */
export function retireOwnProfile(
  database: Database,
  tenantId: string,
  name: string,
  act: Act,
): Promise<'retired' | 'in_use' | 'not_found'> {
  return database.$transaction(async (tx) => {
    const current = await lockTenant(tx, tenantId, 'change');
    const where = { tenantId, name, retiredAt: null };
    const own = await tx.ownProfile.findFirst({ where, select: { id: true } });
    if (!own) return 'not_found';
    if (current?.profileId === own.id) return 'in_use';
    await tx.ownProfile.updateMany({ where, data: { retiredAt: new Date() } });
    await noteAct(tx, tenantId, act);
    return 'retired';
  });
}
