import { type DeliveryStatus, deliveryStatuses } from '@posthorn/domain/delivery/delivery-status';
import { type EventFilter } from './list-events.ts';
import { readByStatus } from './read-by-status.ts';
import { idRange, type Page, type PageRequest, readPage } from './read-page.ts';
import type { TenantDatabase } from './scope-to-tenant.ts';

export const deliveryColumns = {
  id: true,
  endpointId: true,
  eventId: true,
  type: true,
  jobId: true,
  status: true,
  attempts: true,
  dueAt: true,
  lastResponseStatus: true,
  lastError: true,
  replayOf: true,
  orderingKey: true,
  createdAt: true,
  completedAt: true,
} as const;

export interface DeliveryFilter extends EventFilter {
  /** Has one of these; at least one. */
  readonly statuses?: readonly DeliveryStatus[] | undefined;
  readonly endpointId?: string | undefined;
  readonly eventId?: string | undefined;
}

const findRows = (database: TenantDatabase) => database.delivery.findFirst({ select: deliveryColumns });
export type DeliveryRow = NonNullable<Awaited<ReturnType<typeof findRows>>>;

/** The filter's part that names values, with one of its statuses; spans of time are ranges of ids. */
export function equalities({ endpointId, eventId, type, jobId }: DeliveryFilter, status: DeliveryStatus | undefined) {
  const given = Object.entries({ status, endpointId, eventId, type, jobId }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [Name in 'status' | 'endpointId' | 'eventId' | 'type' | 'jobId']?: string };
}

/**
 * The statuses that are read one by one: where an index has an endpoint or a type, a status stands between it and the id, so
 * each is read if none is given. An event or a job has few deliveries, which are all looked at.
 */
export function statusesToRead(filter: DeliveryFilter): readonly DeliveryStatus[] | undefined {
  const { statuses, endpointId, type, eventId, jobId } = filter;
  if (statuses !== undefined || eventId !== undefined || jobId !== undefined) return statuses;
  return endpointId === undefined && type === undefined ? undefined : deliveryStatuses;
}

/** A page of deliveries, newest first. */
export const listDeliveries = (
  database: TenantDatabase,
  page: PageRequest,
  filter: DeliveryFilter,
): Promise<Page<DeliveryRow>> =>
  readPage(page, (take) =>
    readByStatus(database, statusesToRead(filter), { order: 'desc', take }, (client, status) =>
      client.delivery.findMany({
        where: { id: idRange(page, filter), ...equalities(filter, status) },
        select: deliveryColumns,
        orderBy: { id: 'desc' },
        take,
      }),
    ),
  );
