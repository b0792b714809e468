import { EVERY_ID, type IdSpan } from '@posthorn/domain/id-span';
import { Prisma } from '../generated/client.ts';
import type { Database } from '../open-database.ts';
import type { DueDelivery } from './event-request.ts';
import { onlyIf } from './only-if.ts';
import { distinctLines, type OrderingLine } from './ordering-line.ts';

/** Of each line so many are looked at in one step: the one that is to be released, and whom it passes. */
const FRONT_ROWS = 4;

interface FrontRow extends OrderingLine {
  readonly id: string;
  readonly held: boolean;
  /** Failed so often that the next ones need not wait for it. */
  readonly passed: boolean;
}

const readFronts = (
  database: Database,
  lines: readonly OrderingLine[],
  { from }: IdSpan,
): Promise<FrontRow[]> => database.$queryRaw<FrontRow[]>`
  SELECT l.endpoint_id AS "endpointId", l.ordering_key AS "orderingKey", front.id, front.due_at = held_until() AS held,
         (front.attempts >= e.ordering_skip_after) IS TRUE AS passed
  FROM unnest(
    ${lines.map(({ endpointId }) => endpointId)}::text[]::uuid[], ${lines.map(({ orderingKey }) => orderingKey)}::text[]
  ) AS l(endpoint_id, ordering_key) JOIN endpoints e ON e.id = l.endpoint_id CROSS JOIN LATERAL (
    SELECT id, due_at, attempts, ordering_position FROM deliveries d
    WHERE d.id >= ${from}::uuid AND d.endpoint_id = l.endpoint_id AND d.ordering_key = l.ordering_key
      AND d.ordering_position IS NOT NULL AND d.status IN ('pending', 'retrying')
    ORDER BY d.ordering_position LIMIT ${FRONT_ROWS}) front
  ORDER BY front.ordering_position`;

/** They leave their line for good, so that nobody has to pass them again. */
const leaveLine = (database: Database, ids: readonly string[]): Promise<number> => database.$executeRaw`
  UPDATE deliveries SET ordering_position = NULL
  WHERE id = ANY (${[...ids]}::text[]::uuid[]) AND due_at <> held_until()`;

/** Does not wait for the disk: what a crash takes back is held again, and the reconciler releases it. */
const makeDue = (database: Database, ids: readonly string[]): Promise<DueDelivery[]> => database.$queryRaw<
  DueDelivery[]
>`
  WITH relaxed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
  UPDATE deliveries SET due_at = now() FROM relaxed WHERE id = ANY (${[...ids]}::text[]::uuid[]) AND ${onlyIf(Prisma.sql`due_at = held_until()`)}
  RETURNING id, tenant_id AS "tenantId", endpoint_id AS "endpointId", generation, attempt_limit AS "attemptLimit"`;

/** What the fronts of these lines, each in its order, lead to. */
function judgeFronts(rows: readonly FrontRow[]) {
  const fronts = new Map<string, FrontRow[]>();
  for (const row of rows) {
    const name = `${row.endpointId} ${row.orderingKey}`;
    const front = fronts.get(name);
    if (front) front.push(row);
    else fronts.set(name, [row]);
  }
  const passed: string[] = [];
  const heads: string[] = [];
  const unfinished: OrderingLine[] = [];
  for (const front of fronts.values()) {
    const head = front.find((row) => !row.passed);
    passed.push(...front.slice(0, head ? front.indexOf(head) : front.length).map(({ id }) => id));
    if (head?.held) heads.push(head.id);
    const [first] = front;
    if (!head && first && front.length === FRONT_ROWS) unfinished.push(first);
  }
  return { passed, heads, unfinished };
}

/**
 * Lets the first of each line go that nobody before it holds back any more. To be called after whatever may have freed it has
 * committed, and after whatever was held has: whichever commits later sees the other, so no lock is needed. Any number may
 * call it at once; a delivery is released once.
 *
 * @param span where open deliveries are
 * @returns those that are due now and want a job
 */
export async function releaseHeld(
  database: Database,
  lines: readonly OrderingLine[],
  span: IdSpan = EVERY_ID,
): Promise<DueDelivery[]> {
  const released: DueDelivery[] = [];
  for (let left = distinctLines(lines); left.length > 0; ) {
    const { passed, heads, unfinished } = judgeFronts(await readFronts(database, left, span));
    if (passed.length > 0) await leaveLine(database, passed);
    if (heads.length > 0) released.push(...(await makeDue(database, heads)));
    left = unfinished;
  }
  return released;
}
