import { askDriver } from '../ask-driver.ts';
import { Prisma } from '../generated/client.ts';
import type { Database } from '../open-database.ts';
import type { ClaimRequest, ClaimResult } from './claim-result.ts';
import {
  type ClaimedRow,
  claimedColumns,
  claimedRow,
  type Lease,
  leaseColumns,
  mayBeSentTo,
  noteClaim,
} from './claimed-delivery.ts';
import { explainUnclaimed } from './explain-unclaimed.ts';
import { endpointOfDelivery, onlyIf } from './only-if.ts';
import { readClaimed } from './read-claimed.ts';

const mayBeClaimed = onlyIf(Prisma.sql`
  d.status IN ('pending', 'retrying') AND NOT d.parked AND d.due_at <= now() AND d.lease_token IS NULL`);

/**
 * Takes a lease on every requested row that is open, due, unleased and of the right generation, in one statement: the
 * fence before every send. Rows whose endpoint was disabled or deleted are cancelled instead.
 *
 * @returns a result per request, in order
 */
export async function claimDeliveries(
  database: Database,
  requests: readonly ClaimRequest[],
  lease: Lease,
): Promise<ClaimResult[]> {
  const ids = requests.map(({ deliveryId }) => deliveryId);
  // The ids stand twice: what a join finds rules no partition out.
  const rows = await askDriver<ClaimedRow>(
    database,
    Prisma.sql`
    WITH wanted AS (
      SELECT * FROM unnest(
        ${ids}::text[]::uuid[],
        ${requests.map(({ generation }) => generation)}::int[]
      ) AS t(id, generation)
    ), claimed AS (
      UPDATE deliveries d SET ${leaseColumns(lease)}
      FROM wanted w, endpoints e
      WHERE d.id = ANY (${ids}::text[]::uuid[]) AND d.id = w.id AND d.generation = w.generation AND ${mayBeClaimed}
        AND ${endpointOfDelivery} AND ${mayBeSentTo}
      RETURNING ${claimedColumns}
    ), noted AS (${noteClaim(lease)})
    SELECT ${claimedRow} FROM claimed`,
  );
  const claimed = await readClaimed(database, rows, lease);
  const byId = new Map(claimed.map((delivery) => [delivery.id, delivery]));
  const missing = requests.filter(({ deliveryId }) => !byId.has(deliveryId));
  const reasons = await explainUnclaimed(database, missing);
  return requests.map(({ deliveryId }) => {
    const delivery = byId.get(deliveryId);
    // Of a request that stands twice in one batch, the second finds the row taken.
    if (delivery && byId.delete(deliveryId)) return { kind: 'claimed', delivery };
    return reasons.get(deliveryId) ?? { kind: 'stale' };
  });
}
