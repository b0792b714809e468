import type { TenantDatabase } from './scope-to-tenant.ts';

/** Takes one of the tenant's own types away; events of it stay. Returns whether there was one. */
export async function deleteEventType(database: TenantDatabase, name: string): Promise<boolean> {
  const { count } = await database.eventType.deleteMany({ where: { name } });
  return count > 0;
}
