import type { TenantDatabase } from './scope-to-tenant.ts';

/** Profiles that a tenant may define at the most; the whole list is read at once. */
export const MAX_OWN_PROFILES = 50;

/** The current version of each profile that the tenant defined, by name, as JSON text. */
export const listOwnProfiles = (database: TenantDatabase): Promise<{ definition: string }[]> =>
  database.ownProfile.findMany({
    where: { retiredAt: null },
    select: { definition: true },
    orderBy: { name: 'asc' },
    take: MAX_OWN_PROFILES,
  });
