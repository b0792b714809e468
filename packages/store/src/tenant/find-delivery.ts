import { openStatuses } from '@posthorn/domain/delivery/delivery-status';
import { isHeld } from '@posthorn/domain/delivery/held-until';
import { attemptColumns } from './list-attempts.ts';
import { deliveryColumns } from './list-deliveries.ts';
import type { TenantDatabase } from './scope-to-tenant.ts';

interface InLine {
  readonly endpointId: string;
  readonly orderingKey: string | null;
  readonly orderingPosition: bigint | null;
}

/** The first in its line, which the others wait for one after the other. */
async function findHead(
  database: TenantDatabase,
  { endpointId, orderingKey, orderingPosition }: InLine,
): Promise<string | null> {
  if (orderingPosition === null) return null;
  const head = await database.delivery.findFirst({
    where: { endpointId, orderingKey, orderingPosition: { lt: orderingPosition }, status: { in: [...openStatuses] } },
    select: { id: true },
    orderBy: { orderingPosition: 'asc' },
  });
  return head?.id ?? null;
}

/** One delivery with the text it sends and its attempts, oldest first, and whom it waits for while it is held; or `null`. */
export async function findDelivery(database: TenantDatabase, id: string) {
  const found = await database.delivery.findFirst({
    where: { id },
    select: {
      ...deliveryColumns,
      orderingPosition: true,
      event: { select: { payload: true } },
      attemptLog: { select: attemptColumns, orderBy: { number: 'asc' } },
    },
  });
  if (!found) return null;
  return { ...found, waitsFor: isHeld(found.dueAt) ? await findHead(database, found) : null };
}
