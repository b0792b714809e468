import type { TenantDatabase } from './scope-to-tenant.ts';

/** Stops a recovery that is running; what it has replayed goes on. @returns whether there is one of that id */
export async function stopRecovery(database: TenantDatabase, id: string, now: Date): Promise<boolean> {
  const { count } = await database.recovery.updateMany({
    where: { id, status: 'running' },
    data: { status: 'stopped', finishedAt: now },
  });
  return count > 0 || (await database.recovery.count({ where: { id } })) > 0;
}
