import { type Act, noteAct } from '../note-act.ts';
import type { TenantDatabase } from './scope-to-tenant.ts';

/** Stops a recovery that is running; what it has replayed goes on. @returns whether there is one of that id */
export async function stopRecovery(
  database: TenantDatabase,
  { tenantId, id }: { readonly tenantId: string; readonly id: string },
  now: Date,
  act: Act,
): Promise<boolean> {
  const stopped = await database.$transaction(async (tx) => {
    const { count } = await tx.recovery.updateMany({
      where: { id, status: 'running' },
      data: { status: 'stopped', finishedAt: now },
    });
    if (count > 0) await noteAct(tx, tenantId, act);
    return count > 0;
  });
  return stopped || (await database.recovery.count({ where: { id } })) > 0;
}
