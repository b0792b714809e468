import type { ProfileRef } from '../find-profile.ts';
import type { Database } from '../open-database.ts';
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

/**
 * Stores a new, enabled endpoint.
 *
 * @param expected the profile that its secret was judged by
 * @returns `null` when the tenant has another profile by now
 */
export function createEndpoint(
  database: Database,
  endpoint: NewEndpoint,
  expected: ProfileRef,
): Promise<EndpointRow | null> {
  return database.$transaction(async (tx) => {
    const current = await lockTenant(tx, endpoint.tenantId, 'keep');
    if (current?.profile !== expected.profile || current.profileId !== expected.profileId) return null;
    const data = { ...endpoint, events: [...endpoint.events], status: 'enabled' };
    return tx.endpoint.create({ data, select: endpointColumns });
  });
}
