import { cancelOpenDeliveries } from './cancel-open-deliveries.ts';
import type { TenantDatabase } from './scope-to-tenant.ts';

const CANCEL_REASON = 'The endpoint was deleted';
const TIMEOUT_MS = 8_000;

/**
 * Deletes an endpoint and cancels its open deliveries in one transaction; what it received stays on record.
 *
 * @returns whether there was one
 */
export function deleteEndpoint(database: TenantDatabase, id: string): Promise<boolean> {
  return database.$transaction(
    async (tx) => {
      const { count } = await tx.endpoint.updateMany({
        where: { id, deletedAt: null },
        data: { deletedAt: new Date(), status: 'disabled', disabledReason: CANCEL_REASON },
      });
      if (count > 0) await cancelOpenDeliveries(tx, id, CANCEL_REASON);
      return count > 0;
    },
    { timeout: TIMEOUT_MS },
  );
}
