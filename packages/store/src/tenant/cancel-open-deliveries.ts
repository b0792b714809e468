import { setTimeout as delay } from 'node:timers/promises';
import { type DeliveryStatus, openStatuses } from '@posthorn/domain/delivery/delivery-status';
import type { TenantDatabase } from './scope-to-tenant.ts';

/** The scoped client, or the same inside a transaction. */
export type TenantTransaction = Pick<TenantDatabase, 'delivery'>;

/** Rows of one statement: some tenths of a second's work, well inside the statement's time limit. */
const CHUNK_ROWS = 5_000;
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

/** The delivery before which a chunk of those in this status ends; undefined: all of them are one. */
async function endOfChunk(
  { delivery }: TenantTransaction,
  endpointId: string,
  status: DeliveryStatus,
): Promise<string | undefined> {
  const where = { endpointId, status };
  const [next] = await delivery.findMany({
    where,
    orderBy: { id: 'asc' },
    skip: CHUNK_ROWS,
    take: 1,
    select: { id: true },
  });
  return next?.id;
}

/**
 * Cancels open deliveries of an endpoint that is disabled or deleted, with the reason in `last_error`: of each open status the
 * oldest.
 *
 * @returns whether there are more of them
 */
export async function cancelOpenDeliveries(
  database: TenantTransaction,
  endpointId: string,
  reason: string,
): Promise<boolean> {
  let more = false;
  // In the order in which deliveries move from one to the other.
  for (const status of openStatuses) {
    const end = await endOfChunk(database, endpointId, status);
    more ||= end !== undefined;
    // The statement itself must ask for the status, as it does without `limit` and without relations: a row whose attempt is
    // recorded meanwhile is asked again, and stays what it was recorded as.
    await database.delivery.updateMany({
      where: { endpointId, status, ...(end !== undefined && { id: { lt: end } }) },
      data: cancelledFields(reason),
    });
  }
  return more;
}

/**
 * Cancels what the first statement left of a large backlog, unless the endpoint is enabled again. Should this process end before
 * it is done, the dispatcher cancels the rest: it sends nothing to an endpoint that is disabled or deleted.
 */
export async function cancelBacklog(database: TenantDatabase, endpointId: string, reason: string): Promise<void> {
  const isGone = async (): Promise<boolean> => {
    const gone = { OR: [{ status: 'disabled' }, { deletedAt: { not: null } }] };
    return (await database.endpoint.count({ where: { id: endpointId, ...gone } })) > 0;
  };
  const cancelAll = async (): Promise<void> => {
    while ((await isGone()) && (await cancelOpenDeliveries(database, endpointId, reason)));
  };
  await Promise.race([cancelAll().catch(() => undefined), delay(WAIT_MS, undefined, { ref: false })]);
}
