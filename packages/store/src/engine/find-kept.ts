import { Prisma } from '../generated/client.ts';
import type { Database, Transaction } from '../open-database.ts';
import type { Partition } from './list-partitions.ts';

/** What is still wanted of a partition that is over. */
export interface Kept {
  /** Deliveries that are open or under a lease; they stay with their attempts. */
  readonly deliveries: readonly string[];
  /** Events of those, and of deliveries elsewhere (replays, and what was made just after midnight). */
  readonly events: readonly string[];
}

/**
 * Rows that are kept of one partition at the most; of one with more nothing goes until there are fewer: everybody waits while
 * they are moved.
 */
export const MAX_KEPT = 1_000;

const ids = async (database: Database | Transaction, statement: Prisma.Sql): Promise<string[]> =>
  (await database.$queryRaw<{ id: string }[]>(statement)).map(({ id }) => id);

/** Finds what is still wanted of a partition, through indexes alone; of too much not all. */
export async function findKept(database: Database | Transaction, { starts, ends }: Partition): Promise<Kept> {
  const from = Prisma.sql`uuid_floor(${starts}::timestamptz)`;
  const before = Prisma.sql`uuid_floor(${ends}::timestamptz)`;
  const most = MAX_KEPT + 1;
  const deliveries = await ids(
    database,
    Prisma.sql`
      (SELECT id FROM deliveries
       WHERE id >= ${from} AND id < ${before} AND status IN ('pending', 'retrying') LIMIT ${most})
      UNION
      SELECT d.id FROM (SELECT DISTINCT unnest(delivery_ids) AS id FROM claims) c JOIN deliveries d ON d.id = c.id
      WHERE c.id >= ${from} AND c.id < ${before} AND d.id >= ${from} AND d.id < ${before} AND d.lease_token IS NOT NULL`,
  );
  const events = await ids(
    database,
    Prisma.sql`
      (SELECT DISTINCT event_id AS id FROM deliveries
       WHERE event_id >= ${from} AND event_id < ${before} AND (id < ${from} OR id >= ${before}) LIMIT ${most})
      UNION
      SELECT event_id FROM deliveries
      WHERE id = ANY (${deliveries}::text[]::uuid[]) AND event_id >= ${from} AND event_id < ${before}`,
  );
  return { deliveries, events };
}
