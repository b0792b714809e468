import { cancelBacklog, cancelOpenDeliveries } from './cancel-open-deliveries.ts';
import { type EndpointRow, endpointColumns } from './find-endpoint.ts';
import type { TenantDatabase } from './scope-to-tenant.ts';

/** What may change; a missing field stays. */
export interface EndpointChanges {
  readonly url?: string;
  readonly events?: string[];
  readonly description?: string;
  readonly headersSealed?: string | null;
  readonly rateLimit?: number | null;
  readonly caCertificate?: string | null;
  readonly caSummary?: string | null;
  readonly clientCertificate?: string | null;
  readonly clientSummary?: string | null;
  readonly clientKeySealed?: string | null;
  readonly status?: 'enabled' | 'disabled';
}

const DISABLED_REASON = 'Disabled on request';
const CANCEL_REASON = `The endpoint was disabled: ${DISABLED_REASON}`;
const TIMEOUT_MS = 8_000;

const disabledReason = (status: EndpointChanges['status']) =>
  status === undefined ? {} : { disabledReason: status === 'disabled' ? DISABLED_REASON : null };

/**
 * Changes an endpoint. Disabling it cancels its open deliveries in the same transaction, of a very large backlog the
 * first part.
 *
 * @returns the endpoint after the change; `null` when there is none
 */
export async function updateEndpoint(
  database: TenantDatabase,
  id: string,
  changes: EndpointChanges,
): Promise<EndpointRow | null> {
  const { endpoint, more } = await database.$transaction(
    async (tx) => {
      const [row = null] = await tx.endpoint.updateManyAndReturn({
        where: { id, deletedAt: null },
        data: { ...changes, ...disabledReason(changes.status) },
        select: endpointColumns,
      });
      const cancels = row !== null && changes.status === 'disabled';
      return { endpoint: row, more: cancels && (await cancelOpenDeliveries(tx, id, CANCEL_REASON)) };
    },
    { timeout: TIMEOUT_MS },
  );
  if (more) await cancelBacklog(database, id, CANCEL_REASON);
  return endpoint;
}
