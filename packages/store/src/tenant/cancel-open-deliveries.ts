import { setTimeout as delay } from 'node:timers/promises';
import { openStatuses } from '@posthorn/domain/delivery/delivery-status';
import type { TenantDatabase } from './scope-to-tenant.ts';

/** The scoped client, or the same inside a transaction. */
export type TenantTransaction = Pick<TenantDatabase, 'delivery'>;

/** Rows of one statement: about half a second's work, well inside the statement's time limit. */
const CHUNK_ROWS = 20_000;
/** How long a request waits for a large backlog; what is left then is cancelled after the answer. */
const WAIT_MS = 4_000;

/** What makes a row a cancelled one. The lease stays: an attempt under way still records itself with it. */
export const cancelledFields = (reason: string) => ({
  status: 'cancelled',
  dueAt: null,
  completedAt: new Date(),
  parked: false,
  lastError: reason,
});

/**
 * Cancels open deliveries of an endpoint that is disabled or deleted, with the reason in `last_error`.
 *
 * @returns whether there may be more of them than fit into one statement
 */
export async function cancelOpenDeliveries(
  database: TenantTransaction,
  endpointId: string,
  reason: string,
): Promise<boolean> {
  const gone = { OR: [{ status: 'disabled' }, { deletedAt: { not: null } }] };
  const { count } = await database.delivery.updateMany({
    where: { endpointId, status: { in: [...openStatuses] }, endpoint: gone },
    data: cancelledFields(reason),
    limit: CHUNK_ROWS,
  });
  return count === CHUNK_ROWS;
}

/**
 * Cancels what the first statement left of a large backlog. Should this process end before it is done, the
 * dispatcher cancels the rest: it sends nothing to an endpoint that is disabled or deleted.
 */
export async function cancelBacklog(database: TenantDatabase, endpointId: string, reason: string): Promise<void> {
  const cancelAll = async (): Promise<void> => {
    while (await cancelOpenDeliveries(database, endpointId, reason));
  };
  await Promise.race([cancelAll().catch(() => undefined), delay(WAIT_MS, undefined, { ref: false })]);
}
