import type { Database } from '../open-database.ts';

/** Revokes a tenant's key: the next request with it is refused. Returns whether there was one to revoke. */
export async function revokeApiKey(database: Database, tenantId: string, id: string): Promise<boolean> {
  const { count } = await database.apiKey.updateMany({
    where: { id, tenantId, revokedAt: null },
    data: { revokedAt: new Date() },
  });
  return count > 0;
}
