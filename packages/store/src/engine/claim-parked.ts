import type { Database } from '../open-database.ts';
import { cancelUnreachableParked } from './cancel-unreachable.ts';
import { type ClaimedDelivery, claimedColumns, type Lease, leaseColumns, noteClaim } from './claimed-delivery.ts';

/**
 * Takes leases on an endpoint's longest-waiting parked rows. They get a new generation, so that a job made from now on
 * is the only one that counts. Where nothing can be claimed because the endpoint is disabled or deleted, some of its
 * parked rows are cancelled; the next call goes on.
 *
 * @param limit rows at the most
 */
export async function claimParked(
  database: Database,
  endpointId: string,
  limit: number,
  lease: Lease,
): Promise<ClaimedDelivery[]> {
  const claimed = await database.$queryRaw<ClaimedDelivery[]>`
    WITH next AS (
      SELECT id FROM deliveries
      WHERE endpoint_id = ${endpointId}::uuid AND status IN ('pending', 'retrying') AND parked AND due_at <= now()
        AND lease_token IS NULL
      ORDER BY due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ), claimed AS (
      UPDATE deliveries d SET parked = false, generation = d.generation + 1, ${leaseColumns(lease)}
      FROM next, endpoints e, events v
      WHERE d.id = next.id AND e.id = d.endpoint_id AND (e.status = 'enabled' OR d.probe IS NOT NULL) AND e.deleted_at IS NULL
        AND v.id = d.event_id
      RETURNING ${claimedColumns}, d.lease_until
    ), noted AS (${noteClaim(lease)})
    SELECT * FROM claimed`;
  if (claimed.length === 0) await cancelUnreachableParked(database, endpointId);
  return claimed;
}
