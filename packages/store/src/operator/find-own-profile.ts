import type { Database } from '../open-database.ts';

/** The current version of a tenant's profile, or `null`. */
export const findOwnProfile = (
  database: Database,
  tenantId: string,
  name: string,
): Promise<{ id: string; definition: string } | null> =>
  database.ownProfile.findFirst({
    where: { tenantId, name, retiredAt: null },
    select: { id: true, definition: true },
  });
