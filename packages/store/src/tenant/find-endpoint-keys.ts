import type { TenantDatabase } from './scope-to-tenant.ts';

/** What an endpoint that is not deleted signs with, its secrets sealed, or `null`. */
export const findEndpointKeys = (database: TenantDatabase, id: string) =>
  database.endpoint.findFirst({
    where: { id, deletedAt: null },
    select: { secretSealed: true, publicKey: true, nextSecretSealed: true, nextPublicKey: true, overlapEndsAt: true },
  });
