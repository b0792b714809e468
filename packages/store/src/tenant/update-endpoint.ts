import { cancelOpenDeliveries } from './cancel-open-deliveries.ts';
import { endpointColumns, type EndpointRow } from './find-endpoint.ts';
import type { TenantDatabase } from './scope-to-tenant.ts';

/** What may change; a missing field stays. */
export interface EndpointChanges {
  readonly url?: string;
  readonly events?: string[];
  readonly description?: string;
  readonly headersSealed?: string | null;
  readonly rateLimit?: number | null;
  readonly status?: 'enabled' | 'disabled';
}

const DISABLED_REASON = 'Disabled on request';
const CANCEL_REASON = 'The endpoint was disabled';
const TIMEOUT_MS = 8_000;

const disabledReason = (status: EndpointChanges['status']) =>
  status === undefined ? {} : { disabledReason: status === 'disabled' ? DISABLED_REASON : null };

/**
 * Changes an endpoint. Disabling it cancels its open deliveries in the same transaction.
 *
 * @returns the endpoint after the change; `null` when there is none
 */
export function updateEndpoint(database: TenantDatabase, id: string, changes: EndpointChanges): Promise<EndpointRow | null> {
  return database.$transaction(
    async (tx) => {
      const [endpoint] = await tx.endpoint.updateManyAndReturn({
        where: { id, deletedAt: null },
        data: { ...changes, ...disabledReason(changes.status) },
        select: endpointColumns,
      });
      if (endpoint && changes.status === 'disabled') await cancelOpenDeliveries(tx, id, CANCEL_REASON);
      return endpoint ?? null;
    },
    { timeout: TIMEOUT_MS },
  );
}
