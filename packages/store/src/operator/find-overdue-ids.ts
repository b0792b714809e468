import { Prisma } from '../generated/client.ts';
import type { Database } from '../open-database.ts';
import type { DeliveryFilter } from '../tenant/list-deliveries.ts';
import { idRange, type Page, type PageRequest, readPage } from '../tenant/read-page.ts';

/** Deliveries of an endpoint that are looked at. */
const MAX_OF_EACH = 10_000;

function conditions(page: PageRequest, filter: DeliveryFilter): Prisma.Sql {
  const { lt, gte } = idRange(page, filter);
  const { statuses, endpointId, eventId, type, jobId } = filter;
  const given = [
    lt !== undefined && Prisma.sql`d.id < ${lt}::uuid`,
    gte !== undefined && Prisma.sql`d.id >= ${gte}::uuid`,
    statuses !== undefined && Prisma.sql`d.status = ANY(${[...statuses]})`,
    endpointId !== undefined && Prisma.sql`e.id = ${endpointId}::uuid`,
    eventId !== undefined && Prisma.sql`d.event_id = ${eventId}::uuid`,
    type !== undefined && Prisma.sql`d.type = ${type}`,
    jobId !== undefined && Prisma.sql`d.job_id = ${jobId}`,
  ].filter((condition) => condition !== false);
  return given.length === 0 ? Prisma.empty : Prisma.sql`AND ${Prisma.join(given, ' AND ')}`;
}

/**
 * A page of a tenant's open deliveries whose time has come, newest first: what the statistics count as overdue. Of each
 * endpoint those that wait longest are looked at, since an index has them in that order, so what it costs stays bounded.
 */
export const findOverdueIds = (
  database: Database,
  tenantId: string,
  page: PageRequest,
  filter: DeliveryFilter,
): Promise<Page<{ readonly id: string }>> =>
  readPage(
    page,
    (take) => database.$queryRaw<{ readonly id: string }[]>`
      SELECT d.id FROM endpoints e CROSS JOIN LATERAL (
        SELECT id, status, type, job_id, event_id FROM deliveries
        WHERE endpoint_id = e.id AND status IN ('pending', 'retrying') AND due_at < now()
        ORDER BY due_at LIMIT ${MAX_OF_EACH}) d
      WHERE e.tenant_id = ${tenantId}::uuid ${conditions(page, filter)}
      ORDER BY d.id DESC LIMIT ${take}`,
  );
