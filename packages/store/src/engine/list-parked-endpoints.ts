import { EVERY_ID, type IdSpan } from '@posthorn/domain/id-span';
import { Prisma } from '../generated/client.ts';
import type { Database, Transaction } from '../open-database.ts';
import { walkIndex } from './walk-index.ts';

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/**
 * Endpoints with parked rows, as `tenant_id` and `endpoint_id`; the index is skipped through ({@link walkIndex}), so the
 * backlog's size does not matter. Here as below, the order is that of the one index that may be walked.
 */
export const parkedEndpoints = Prisma.sql`
  WITH RECURSIVE busy AS (
    (SELECT tenant_id, endpoint_id FROM deliveries
     WHERE status IN ('pending', 'retrying') AND parked
     ORDER BY tenant_id, endpoint_id, due_at LIMIT 1)
    UNION ALL
    SELECT n.* FROM busy CROSS JOIN LATERAL (
      SELECT d.tenant_id, d.endpoint_id FROM deliveries d
      WHERE d.status IN ('pending', 'retrying') AND d.parked
        AND (d.tenant_id, d.endpoint_id) > (busy.tenant_id, busy.endpoint_id)
      ORDER BY d.tenant_id, d.endpoint_id, d.due_at LIMIT 1) n
  )
  SELECT tenant_id, endpoint_id FROM busy`;

/** The same skips, over tenants alone. */
const parkedTenants = (after: string, limit: number, { from, to }: IdSpan): Prisma.Sql => Prisma.sql`
  WITH RECURSIVE busy AS (
    (SELECT tenant_id FROM deliveries
     WHERE id BETWEEN ${from}::uuid AND ${to}::uuid AND status IN ('pending', 'retrying') AND parked AND tenant_id > ${after}::uuid
     ORDER BY tenant_id, endpoint_id, due_at LIMIT 1)
    UNION ALL
    SELECT n.tenant_id FROM busy CROSS JOIN LATERAL (
      SELECT d.tenant_id FROM deliveries d
      WHERE d.id BETWEEN ${from}::uuid AND ${to}::uuid AND d.status IN ('pending', 'retrying') AND d.parked
        AND d.tenant_id > busy.tenant_id
      ORDER BY d.tenant_id, d.endpoint_id, d.due_at LIMIT 1) n
  )
  SELECT tenant_id FROM busy LIMIT ${limit}`;

/** And over one tenant's endpoints, with `s` (the tenant, the endpoint to go on after) in scope; leased rows are passed over. */
const endpointsOfTenant = ({ from, to }: IdSpan): Prisma.Sql => Prisma.sql`
  WITH RECURSIVE busy AS (
    (SELECT endpoint_id FROM deliveries
     WHERE id BETWEEN ${from}::uuid AND ${to}::uuid AND tenant_id = s.tenant_id AND status IN ('pending', 'retrying') AND parked
       AND lease_token IS NULL AND endpoint_id > s.after
     ORDER BY tenant_id, endpoint_id, due_at LIMIT 1)
    UNION ALL
    SELECT n.endpoint_id FROM busy CROSS JOIN LATERAL (
      SELECT d.endpoint_id FROM deliveries d
      WHERE d.id BETWEEN ${from}::uuid AND ${to}::uuid AND d.tenant_id = s.tenant_id AND d.status IN ('pending', 'retrying')
        AND d.parked AND d.lease_token IS NULL AND d.endpoint_id > busy.endpoint_id
      ORDER BY d.tenant_id, d.endpoint_id, d.due_at LIMIT 1) n
  )
  SELECT endpoint_id FROM busy`;

export interface ParkedEndpoint {
  readonly endpointId: string;
  readonly tenantId: string;
}

/** Where the looks stand. */
export interface ParkedCursor {
  /** The last tenant of the look before; `null`: the next look begins at the first one. */
  readonly tenantId: string | null;
  /** Of tenants with more endpoints than one look shows, the last one that was shown. */
  readonly endpoints: ReadonlyMap<string, string>;
}

export const PARKED_START: ParkedCursor = { tenantId: null, endpoints: new Map() };

/** What one look shows at the most. */
export interface ParkedLimits {
  readonly tenants: number;
  /** Of all its tenants together, but one of each at the least. */
  readonly endpoints: number;
}

const listEndpoints = (
  tx: Transaction,
  tenantIds: readonly string[],
  { endpoints }: ParkedCursor,
  each: number,
  span: IdSpan,
): Promise<ParkedEndpoint[]> => tx.$queryRaw<ParkedEndpoint[]>`
  SELECT s.tenant_id AS "tenantId", e.endpoint_id AS "endpointId"
  FROM unnest(
    ${[...tenantIds]}::text[]::uuid[], ${tenantIds.map((id) => endpoints.get(id) ?? FIRST_ID)}::text[]::uuid[]
  ) AS s(tenant_id, after) CROSS JOIN LATERAL (SELECT endpoint_id FROM (${endpointsOfTenant(span)}) own LIMIT ${each}) e
  ORDER BY s.tenant_id, e.endpoint_id`;

async function look(tx: Transaction, from: ParkedCursor, limits: ParkedLimits, span: IdSpan) {
  const tenants = await tx.$queryRaw<{ tenantId: string }[]>`
    SELECT tenant_id AS "tenantId" FROM (${parkedTenants(from.tenantId ?? FIRST_ID, limits.tenants, span)}) shown`;
  const tenantIds = tenants.map(({ tenantId }) => tenantId);
  const each = Math.max(1, Math.floor(limits.endpoints / tenantIds.length));
  const endpoints = tenantIds.length === 0 ? [] : await listEndpoints(tx, tenantIds, from, each, span);
  return { tenantIds, each, endpoints };
}

/**
 * Some of the endpoints with parked rows that may be claimed: of each tenant in turn, and as many of each tenant that a look
 * shows, so that none is found late because of another's many endpoints. Its cost does not grow with the backlog.
 *
 * @param from where the look before ended, or `PARKED_START`
 * @param span where open deliveries are
 */
export async function listParkedEndpoints(
  database: Database,
  from: ParkedCursor,
  limits: ParkedLimits,
  span: IdSpan = EVERY_ID,
): Promise<{ readonly endpoints: readonly ParkedEndpoint[]; readonly next: ParkedCursor }> {
  const { tenantIds, each, endpoints } = await walkIndex(database, (tx) => look(tx, from, limits, span));
  const isLastPage = tenantIds.length < limits.tenants;
  // A look that showed every tenant forgets those that have nothing parked any more.
  const goOnAfter = new Map(from.tenantId === null && isLastPage ? [] : from.endpoints);
  for (const tenantId of tenantIds) {
    const own = endpoints.filter((endpoint) => endpoint.tenantId === tenantId);
    const last = own.at(-1);
    if (last && own.length === each) goOnAfter.set(tenantId, last.endpointId);
    else goOnAfter.delete(tenantId);
  }
  return { endpoints, next: { tenantId: isLastPage ? null : (tenantIds.at(-1) ?? null), endpoints: goOnAfter } };
}
