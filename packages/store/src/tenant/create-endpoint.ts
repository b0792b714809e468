import { type EndpointRow, endpointColumns } from './find-endpoint.ts';
import type { TenantDatabase } from './scope-to-tenant.ts';

/** An endpoint to be stored. */
export interface NewEndpoint {
  readonly id: string;
  readonly tenantId: string;
  readonly url: string;
  readonly description: string;
  readonly events: readonly string[];
  /** Sealed with the context `<id>/headers`. */
  readonly headersSealed: string | null;
  readonly rateLimit: number | null;
  /** Sealed with the context `<id>/secret`. */
  readonly secretSealed: string;
  readonly createdAt: Date;
}

/** Stores a new, enabled endpoint. */
export function createEndpoint(database: TenantDatabase, endpoint: NewEndpoint): Promise<EndpointRow> {
  return database.endpoint.create({
    data: { ...endpoint, events: [...endpoint.events], status: 'enabled' },
    select: endpointColumns,
  });
}
