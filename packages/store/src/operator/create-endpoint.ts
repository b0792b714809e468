import type { ProfileRef } from '../find-profile.ts';
import { type Act, noteAct } from '../note-act.ts';
import type { Database, Transaction } from '../open-database.ts';
import { type EndpointRow, endpointColumns } from '../tenant/find-endpoint.ts';
import { lockTenant } from './lock-tenant.ts';

/** An endpoint to be stored. */
export interface NewEndpoint {
  readonly id: string;
  readonly tenantId: string;
  readonly url: string;
  readonly description: string;
  readonly events: readonly string[];
  /** Sealed for the endpoint's headers. */
  readonly headersSealed: string | null;
  readonly rateLimit: number | null;
  readonly warnAfterSeconds: number | null;
  readonly disableAfterSeconds: number | null;
  readonly orderingSkipAfter: number | null;
  /** Sealed for the endpoint's secret. */
  readonly secretSealed: string;
  /** Of a key pair, whose private key is the secret; else `null`. */
  readonly publicKey: string | null;
  readonly caCertificate: string | null;
  /** What is shown of it, as JSON text. */
  readonly caSummary: string | null;
  readonly clientCertificate: string | null;
  readonly clientSummary: string | null;
  /** Sealed for the endpoint's client key. */
  readonly clientKeySealed: string | null;
  readonly createdAt: Date;
}

/** The quota's row is locked where there is a limit, so that endpoints that come at once are counted one by one. */
async function hasRoom(tx: Transaction, tenantId: string): Promise<boolean> {
  const [quota] = await tx.$queryRaw<{ endpoints: number }[]>`
    SELECT endpoints FROM tenant_quotas WHERE tenant_id = ${tenantId}::uuid AND endpoints IS NOT NULL FOR NO KEY UPDATE`;
  return !quota || (await tx.endpoint.count({ where: { tenantId, deletedAt: null } })) < quota.endpoints;
}

/**
 * Stores a new, enabled endpoint.
 *
 * @param expected the profile that its secret was judged by
 * @returns `other_profile` when the tenant has another profile by now, `over_quota` when it may have no more
 */
export function createEndpoint(
  database: Database,
  endpoint: NewEndpoint,
  expected: ProfileRef,
  act: Act,
): Promise<EndpointRow | 'other_profile' | 'over_quota'> {
  return database.$transaction(async (tx) => {
    const current = await lockTenant(tx, endpoint.tenantId, 'keep');
    if (current?.profile !== expected.profile || current.profileId !== expected.profileId) return 'other_profile';
    if (!(await hasRoom(tx, endpoint.tenantId))) return 'over_quota';
    const data = { ...endpoint, events: [...endpoint.events], status: 'enabled' };
    const row = await tx.endpoint.create({ data, select: endpointColumns });
    await noteAct(tx, endpoint.tenantId, act);
    return row;
  });
}
