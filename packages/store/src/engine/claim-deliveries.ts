import { spanOf, widened } from '@posthorn/domain/id-span';
import { askByIds } from '../ask-driver.ts';
import { Prisma } from '../generated/client.ts';
import type { Database } from '../open-database.ts';
import type { ClaimRequest, ClaimResult } from './claim-result.ts';
import {
  claimedColumns,
  claimedRow,
  type Lease,
  leaseColumns,
  mayBeSentTo,
  noteClaim,
  type RowWithEvent,
} from './claimed-delivery.ts';
import { explainUnclaimed } from './explain-unclaimed.ts';
import { endpointOfDelivery, onlyIf } from './only-if.ts';
import { readClaimed } from './read-claimed.ts';

/** An event is as old as its deliveries but for clocks, and replays: of those it is read apart. */
const EVENT_NEAR_MS = 60_000;

const mayBeClaimed = onlyIf(Prisma.sql`
  d.status IN ('pending', 'retrying') AND NOT d.parked AND d.due_at <= now() AND d.lease_token IS NULL`);

/** Generations only grow: of a delivery that stands twice, the greater one may be right. */
function generationsOf(requests: readonly ClaimRequest[]): Map<string, number> {
  const generations = new Map<string, number>();
  for (const { deliveryId, generation } of requests) {
    generations.set(deliveryId, Math.max(generation, generations.get(deliveryId) ?? generation));
  }
  return generations;
}

function claimRows(
  database: Database,
  generations: ReadonlyMap<string, number>,
  lease: Lease,
): Promise<RowWithEvent[]> {
  const ids = [...generations.keys()];
  const span = spanOf(ids);
  const near = widened(span, EVENT_NEAR_MS);
  // No join that could be made from its other end: a row that no id finds is not looked at.
  return askByIds<RowWithEvent>(
    database,
    Prisma.sql`
    WITH claimed AS (
      UPDATE deliveries d SET ${leaseColumns(lease)}
      WHERE d.id BETWEEN ${span.from}::uuid AND ${span.to}::uuid AND d.id = ANY (${ids}::uuid[])
        AND d.generation = (${[...generations.values()]}::int[])[array_position(${ids}::uuid[], d.id)] AND ${mayBeClaimed}
        AND (SELECT ${mayBeSentTo} FROM endpoints e WHERE ${endpointOfDelivery})
      RETURNING ${claimedColumns}
    ), noted AS (${noteClaim(lease)})
    SELECT ${claimedRow}, v.payload, v.profile, v.profile_id AS "profileId"
    FROM (SELECT *, row_number() OVER (PARTITION BY event_id) AS of_event FROM claimed) c
    LEFT JOIN LATERAL (
      SELECT payload, profile, profile_id FROM events
      WHERE c.of_event = 1 AND id = c.event_id AND id BETWEEN ${near.from}::uuid AND ${near.to}::uuid
      LIMIT 1) v ON true`,
  );
}

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
  if (requests.length === 0) return [];
  const rows = await claimRows(database, generationsOf(requests), lease);
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
