import { askDriver } from '../ask-driver.ts';
import { Prisma } from '../generated/client.ts';
import type { Transaction } from '../open-database.ts';
import { MAX_DELIVERIES_PER_REQUEST, TooManyDeliveries } from '../too-many-deliveries.ts';
import type { Accepted, EventRequest } from './event-request.ts';
import { insertEvents } from './insert-events.ts';
import { areOneCall, DELIVERIES_PER_STATEMENT } from './limit-fan-out.ts';

async function countDeliveries(tx: Transaction, requests: readonly EventRequest[]): Promise<number> {
  const counts = new Map<string, number>();
  for (const { events } of requests) {
    for (const { type } of events) counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const tenantId = requests[0]?.events[0].tenantId ?? null;
  const [row] = await askDriver<{ deliveries: number }>(
    tx,
    Prisma.sql`
      WITH asked AS (SELECT * FROM unnest(${[...counts.keys()]}::text[], ${[...counts.values()]}::int[]) AS t(type, events))
      SELECT coalesce(sum(CASE WHEN cardinality(e.events) = 0 THEN ${all}::int
                               ELSE (SELECT sum(a.events) FROM asked a WHERE a.type = ANY (e.events)) END), 0)::float8 AS deliveries
      FROM endpoints e WHERE e.tenant_id = ${tenantId}::text::uuid AND e.deleted_at IS NULL`,
  );
  return row?.deliveries ?? 0;
}

/**
 * How many of the requests each statement is to store.
 *
 * @returns all of them where one statement is enough
 * @throws TooManyDeliveries
 */
async function sizePieces(tx: Transaction, requests: readonly EventRequest[]): Promise<number> {
  if (!areOneCall(requests)) return requests.length;
  const deliveries = await countDeliveries(tx, requests);
  if (deliveries > MAX_DELIVERIES_PER_REQUEST) throw new TooManyDeliveries(deliveries);
  if (deliveries <= DELIVERIES_PER_STATEMENT) return requests.length;
  return Math.max(1, Math.floor((DELIVERIES_PER_STATEMENT * requests.length) / deliveries));
}

/**
 * Writes the events of one API call and their deliveries, in as many statements as they need. See {@link insertEvents}.
 *
 * @throws TooManyDeliveries
 */
export async function insertInPieces(tx: Transaction, requests: readonly EventRequest[]): Promise<Accepted[]> {
  const size = await sizePieces(tx, requests);
  const results: Accepted[] = [];
  for (let start = 0; start < requests.length; start += size) {
    // One after the other: each sees the lines that the ones before it have made, and the call is metered once.
    results.push(...(await insertEvents(tx, requests.slice(start, start + size), { isMetered: start === 0 })));
  }
  return results;
}
