import { numberOf } from '../number-of.ts';
import { type CreatedRange, idRange, type Page, type PageRequest, readPage } from './read-page.ts';
import type { TenantDatabase } from './scope-to-tenant.ts';

export const eventColumns = {
  id: true,
  type: true,
  jobId: true,
  createdAt: true,
  deliveryCount: true,
  aggregateVersion: true,
  orderingKey: true,
  firedWith: true,
} as const;

export interface EventFilter extends CreatedRange {
  readonly type?: string | undefined;
  readonly jobId?: string | undefined;
}

export interface EventRow {
  readonly id: string;
  readonly type: string;
  readonly jobId: string | null;
  readonly createdAt: Date;
  readonly deliveryCount: number;
  readonly aggregateVersion: number | null;
  readonly orderingKey: string | null;
  readonly firedWith: { readonly id: string; readonly type: string } | null;
}

type StoredEvent = Omit<EventRow, 'firedWith' | 'aggregateVersion'> & {
  readonly firedWith: string | null;
  readonly aggregateVersion: bigint | null;
};

/** Replaces the id of each pair's other half by its id and type, and BIGINTs by numbers. */
export async function completeEvents<Row extends StoredEvent>(database: TenantDatabase, rows: readonly Row[]) {
  const ids = rows.flatMap(({ firedWith }) => (firedWith ? [firedWith] : []));
  const others =
    ids.length > 0
      ? await database.event.findMany({ where: { id: { in: ids } }, select: { id: true, type: true } })
      : [];
  const byId = new Map(others.map((other) => [other.id, other]));
  return rows.map((row) => ({
    ...row,
    aggregateVersion: numberOf(row.aggregateVersion),
    firedWith: (row.firedWith && byId.get(row.firedWith)) || null,
  }));
}

/** A page of events, newest first. */
export async function listEvents(
  database: TenantDatabase,
  page: PageRequest,
  filter: EventFilter,
): Promise<Page<EventRow>> {
  const { type, jobId } = filter;
  const found = await readPage(page, (take) =>
    database.event.findMany({
      where: { id: idRange(page, filter), ...(type !== undefined && { type }), ...(jobId !== undefined && { jobId }) },
      select: eventColumns,
      orderBy: { id: 'desc' },
      take,
    }),
  );
  return { ...found, rows: await completeEvents(database, found.rows) };
}
