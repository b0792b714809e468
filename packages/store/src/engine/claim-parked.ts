import { EVERY_ID, type IdSpan } from '@posthorn/domain/id-span';
import { askDriver } from '../ask-driver.ts';
import { Prisma } from '../generated/client.ts';
import type { Database } from '../open-database.ts';
import { cancelUnreachableParked } from './cancel-unreachable.ts';
import {
  type ClaimedDelivery,
  type ClaimedRow,
  claimedColumns,
  claimedRow,
  type Lease,
  leaseColumns,
  mayBeSentTo,
  noteClaim,
} from './claimed-delivery.ts';
import { endpointOfDelivery } from './only-if.ts';
import { readClaimed } from './read-claimed.ts';

/** An endpoint, and how many of its parked rows are wanted at the most. */
export interface ParkedRequest {
  readonly tenantId: string;
  readonly endpointId: string;
  readonly limit: number;
}

/**
 * Takes leases on the longest-waiting parked rows of each endpoint, in one statement. They get a new generation, so that a
 * job made from now on is the only one that counts. They stay parked until their attempt is recorded: no index covers what a
 * lease sets, so the update stays on its page (HOT). Of an endpoint that is disabled or deleted some parked rows are
 * cancelled instead; the next call goes on.
 *
 * @param requests one for each endpoint
 * @param span where open deliveries are
 * @returns the rows of all endpoints, in no order
 */
export async function claimParked(
  database: Database,
  requests: readonly ParkedRequest[],
  lease: Lease,
  { from, to }: IdSpan = EVERY_ID,
): Promise<ClaimedDelivery[]> {
  const together = requests.reduce((sum, { limit }) => sum + limit, 0);
  // A backlog that no ANALYZE has seen counts as a few rows: neither the span of ids nor the endpoint may lead to its rows, or
  // each claim reads all of it.
  // The outer limit takes nothing away: without it the planner expects a tenth of the backlog, and reads tables through.
  const claimed = await askDriver<ClaimedRow>(
    database,
    Prisma.sql`
    WITH wanted AS (
      SELECT * FROM unnest(
        ${requests.map(({ tenantId }) => tenantId)}::text[]::uuid[],
        ${requests.map(({ endpointId }) => endpointId)}::text[]::uuid[],
        ${requests.map(({ limit }) => limit)}::int[]
      ) AS t(tenant_id, endpoint_id, most)
    ), next AS (
      SELECT n.id FROM wanted w CROSS JOIN LATERAL (
        SELECT id FROM deliveries
        WHERE id BETWEEN ${from}::uuid AND ${to}::uuid AND tenant_id = w.tenant_id AND endpoint_id = w.endpoint_id
          AND status IN ('pending', 'retrying') AND parked AND due_at <= now() AND lease_token IS NULL
        ORDER BY due_at LIMIT w.most FOR UPDATE SKIP LOCKED) n
      LIMIT ${together}
    ), claimed AS (
      UPDATE deliveries d SET generation = d.generation + 1, ${leaseColumns(lease)}
      FROM endpoints e
      WHERE d.id BETWEEN ${from}::uuid AND ${to}::uuid AND d.id = ANY (ARRAY(SELECT id FROM next))
        AND ${endpointOfDelivery} AND ${mayBeSentTo}
      RETURNING ${claimedColumns}
    ), noted AS (${noteClaim(lease)})
    SELECT ${claimedRow} FROM claimed`,
  );
  const fed = new Set(claimed.map(({ endpointId }) => endpointId));
  const unfed = requests.filter(({ endpointId }) => !fed.has(endpointId));
  if (unfed.length > 0) await cancelUnreachableParked(database, unfed);
  return readClaimed(database, claimed, lease);
}
