import { againAfterDeadlock } from '../again-after-deadlock.ts';
import { type Act, noteAct } from '../note-act.ts';
import { cancelBacklog, cancelOpenDeliveries } from './cancel-open-deliveries.ts';
import type { TenantDatabase } from './scope-to-tenant.ts';

const CANCEL_REASON = 'The endpoint was deleted';
const TIMEOUT_MS = 8_000;

/**
 * Deletes an endpoint and cancels its open deliveries in one transaction, of a very large backlog the first part;
 * what it received stays on record.
 *
 * @returns whether there was one
 */
export async function deleteEndpoint(
  database: TenantDatabase,
  tenantId: string,
  id: string,
  act: Act,
): Promise<boolean> {
  const { deleted, more } = await againAfterDeadlock(() =>
    database.$transaction(
      async (tx) => {
        const { count } = await tx.endpoint.updateMany({
          where: { id, deletedAt: null },
          data: { deletedAt: new Date(), status: 'disabled', disabledReason: CANCEL_REASON },
        });
        if (count === 0) return { deleted: false, more: false };
        const left = await cancelOpenDeliveries(tx, id, CANCEL_REASON);
        await noteAct(tx, tenantId, act);
        return { deleted: true, more: left };
      },
      { timeout: TIMEOUT_MS },
    ),
  );
  if (more) await cancelBacklog(database, id, CANCEL_REASON);
  return deleted;
}
