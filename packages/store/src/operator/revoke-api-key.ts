import { type Act, noteAct } from '../note-act.ts';
import type { Database } from '../open-database.ts';

/** Revokes a tenant's key: the next request with it is refused. Returns whether there was one to revoke. */
export function revokeApiKey(database: Database, tenantId: string, id: string, act: Act): Promise<boolean> {
  return database.$transaction(async (tx) => {
    const { count } = await tx.apiKey.updateMany({
      where: { id, tenantId, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    if (count > 0) await noteAct(tx, tenantId, act);
    return count > 0;
  });
}
