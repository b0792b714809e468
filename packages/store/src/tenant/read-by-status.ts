import { type DeliveryStatus, deliveryStatuses } from '@posthorn/domain/delivery/delivery-status';

/** In which order of their ids rows are wanted, and how many. */
export interface Wanted {
  readonly order: 'asc' | 'desc';
  readonly take: number;
}

/**
 * Reads rows of several statuses, each status on its own: the index has ids in order within one status alone, and of
 * several at once PostgreSQL would read every row.
 *
 * One after the other, in the order of a delivery's life: it only ever moves forward, so one that moves meanwhile is met
 * again and not missed.
 *
 * @param find reads the first rows of a status in the order that is wanted; `undefined`: of any
 */
export async function readByStatus<Row extends { readonly id: string }>(
  statuses: readonly DeliveryStatus[] | undefined,
  { order, take }: Wanted,
  find: (status: DeliveryStatus | undefined) => Promise<Row[]>,
): Promise<Row[]> {
  if (statuses === undefined || statuses.length === 1) return find(statuses?.[0]);
  const byId = new Map<string, Row>();
  for (const status of deliveryStatuses) {
    if (!statuses.includes(status)) continue;
    for (const row of await find(status)) byId.set(row.id, row);
  }
  const direction = order === 'asc' ? 1 : -1;
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -direction : direction)).slice(0, take);
}
