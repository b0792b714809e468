import { Prisma } from '../generated/client.ts';
import type { Database, Transaction } from '../open-database.ts';
import { listPartitions } from './list-partitions.ts';
import { partitionTables } from './partition-tables.ts';
import { limitWaiting, takeTurn } from './take-turn.ts';

const TIMEOUT_MS = 3_600_000;
const MAX_LOCK_WAIT_MS = 250;

/** What went, of one partition. */
export interface Removed {
  readonly events: number;
  readonly deliveries: number;
}

/** What stays must be free of it first: taking a foreign key away locks both tables, and counting takes long. */
async function releaseForeignKeys(tx: Transaction, suffix: string): Promise<number> {
  await limitWaiting(tx, MAX_LOCK_WAIT_MS);
  const names = ['events', 'deliveries', 'attempts'].map((parent) => `${parent}${suffix}`);
  const found = await tx.$queryRaw<{ table: string; name: string }[]>`
    SELECT conrelid::regclass::text AS table, conname AS name FROM pg_constraint
    WHERE contype = 'f' AND conrelid::regclass::text = ANY (${names}) AND confrelid::regclass::text <> ALL (${names})`;
  for (const { table, name } of found)
    await tx.$executeRaw`ALTER TABLE ${Prisma.raw(`"${table}"`)} DROP CONSTRAINT ${Prisma.raw(`"${name}"`)}`;
  return found.length;
}

/** The ledger is of all time: it learns how much of it is gone, in the transaction in which it goes. */
async function countAndDrop(tx: Transaction, suffix: string): Promise<Removed | null> {
  // Again: another dispatcher may have removed it since.
  if (!(await listPartitions(tx)).detached.includes(suffix)) return null;
  const { events, deliveries, attempts } = partitionTables(suffix);
  const [removed] = await tx.$queryRaw<Removed[]>`
    WITH gone AS (
      SELECT tenant_id, 'dropped_events' AS name, count(*) AS rows FROM ${events} GROUP BY 1
      UNION ALL
      SELECT tenant_id, 'dropped_' || status, count(*) FROM ${deliveries} GROUP BY 1, 2
    ), noted AS (
      INSERT INTO ledger_changes (tenant_id, name, change) SELECT tenant_id, name, rows FROM gone
    )
    SELECT coalesce(sum(rows) FILTER (WHERE name = 'dropped_events'), 0)::float8 AS events,
           coalesce(sum(rows) FILTER (WHERE name <> 'dropped_events'), 0)::float8 AS deliveries FROM gone`;
  await tx.$executeRaw`DROP TABLE ${attempts}, ${deliveries}, ${events}`;
  return removed ?? { events: 0, deliveries: 0 };
}

/**
 * Removes the tables of a partition that was taken off.
 *
 * @returns what went; `null` when it was somebody else's turn, or had been
 * @throws when a lock was not to be had in time; the next call goes on
 */
export async function removeDetached(database: Database, suffix: string): Promise<Removed | null> {
  const released = await takeTurn(database, TIMEOUT_MS, (tx) => releaseForeignKeys(tx, suffix));
  return released === null ? null : takeTurn(database, TIMEOUT_MS, (tx) => countAndDrop(tx, suffix));
}
