import { Prisma } from '../generated/client.ts';
import type { Database } from '../open-database.ts';
import { cancelUnreachable } from './cancel-unreachable.ts';
import type { ClaimRequest, ClaimResult } from './claim-result.ts';
import { endpointOfDelivery, onlyIf } from './only-if.ts';

interface UnclaimedRow {
  readonly id: string;
  readonly generation: number;
  readonly waitMs: number | null;
  readonly reachable: boolean;
}

const waits = onlyIf(Prisma.sql`
  d.status IN ('pending', 'retrying') AND NOT d.parked AND d.lease_token IS NULL AND d.due_at <> held_until()`);

/** Says why rows could not be claimed: not due yet, or gone; and cancels what can never be sent. */
export async function explainUnclaimed(
  database: Database,
  requests: readonly ClaimRequest[],
): Promise<Map<string, ClaimResult>> {
  if (requests.length === 0) return new Map();
  const rows = await database.$queryRaw<UnclaimedRow[]>`
    SELECT d.id, d.generation, ceil(extract(epoch FROM d.due_at - now()) * 1000)::int AS "waitMs",
           (e.status = 'enabled' OR d.probe IS NOT NULL) AND e.deleted_at IS NULL AS reachable
    FROM deliveries d JOIN endpoints e ON ${endpointOfDelivery}
    WHERE d.id = ANY (${requests.map(({ deliveryId }) => deliveryId)}::text[]::uuid[])
      AND ${waits}`;
  const current = rows.filter((row) =>
    requests.some(({ deliveryId, generation }) => deliveryId === row.id && generation === row.generation),
  );
  const unreachable = current.filter(({ reachable }) => !reachable).map(({ id }) => id);
  if (unreachable.length > 0) await cancelUnreachable(database, unreachable);
  const early = current.filter(({ reachable, waitMs }) => reachable && waitMs !== null);
  return new Map(early.map(({ id, waitMs }) => [id, { kind: 'early', waitMs: Math.max(1, waitMs ?? 1) }]));
}
