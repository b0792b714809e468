import {
  type DeliveryFilter,
  type DeliveryRow,
  deliveryColumns,
  equalities,
  statusesToRead,
} from './list-deliveries.ts';
import { readByStatus } from './read-by-status.ts';
import type { TenantDatabase } from './scope-to-tenant.ts';

/** Which deliveries are new: those with a greater id than `after`, but none of `except`. */
export interface NewDeliveries {
  readonly after: string;
  readonly except: readonly string[];
  readonly limit: number;
}

/** New deliveries, oldest first. */
export const listNewDeliveries = (
  database: TenantDatabase,
  { after, except, limit }: NewDeliveries,
  filter: Omit<DeliveryFilter, 'createdAfter' | 'createdBefore'>,
): Promise<DeliveryRow[]> =>
  readByStatus(database, statusesToRead(filter), { order: 'asc', take: limit }, (client, status) =>
    client.delivery.findMany({
      where: { id: { gt: after, notIn: [...except] }, ...equalities(filter, status) },
      select: deliveryColumns,
      orderBy: { id: 'asc' },
      take: limit,
    }),
  );
