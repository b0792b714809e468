import { attemptColumns } from './list-attempts.ts';
import { deliveryColumns } from './list-deliveries.ts';
import type { TenantDatabase } from './scope-to-tenant.ts';

/** One delivery with the text it sends and its attempts, oldest first, or `null`. */
export const findDelivery = (database: TenantDatabase, id: string) =>
  database.delivery.findFirst({
    where: { id },
    select: {
      ...deliveryColumns,
      event: { select: { payload: true } },
      attemptLog: { select: attemptColumns, orderBy: { number: 'asc' } },
    },
  });
