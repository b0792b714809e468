import { type DeliveryStatus, deliveryStatuses } from '@posthorn/domain/delivery/delivery-status';
import type { TenantDatabase } from './scope-to-tenant.ts';

/** In which order of their ids rows are wanted, and how many. */
export interface Wanted {
  readonly order: 'asc' | 'desc';
  readonly take: number;
}

/** A client that finds deliveries, of one tenant. */
export type DeliveryFinder = Pick<TenantDatabase, 'delivery'>;

/**
 * Reads rows of several statuses, each status on its own: the index has ids in order within one status alone, and of
 * several at once PostgreSQL would read every row. All are read as they stood at one moment, so one that moves from one
 * status to another meanwhile is met, and none is left out above one that is not.
 *
 * @param find reads the first rows of a status in the order that is wanted; `undefined`: of any
 */
export async function readByStatus<Row extends { readonly id: string }>(
  database: TenantDatabase,
  statuses: readonly DeliveryStatus[] | undefined,
  { order, take }: Wanted,
  find: (client: DeliveryFinder, status: DeliveryStatus | undefined) => Promise<Row[]>,
): Promise<Row[]> {
  if (statuses === undefined || statuses.length === 1) return find(database, statuses?.[0]);
  const rows = await database.$transaction(
    async (tx) => {
      const found: Row[] = [];
      for (const status of deliveryStatuses) if (statuses.includes(status)) found.push(...(await find(tx, status)));
      return found;
    },
    { isolationLevel: 'RepeatableRead' },
  );
  const direction = order === 'asc' ? 1 : -1;
  return rows.sort((a, b) => (a.id < b.id ? -direction : direction)).slice(0, take);
}
