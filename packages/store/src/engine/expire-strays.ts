import { Prisma } from '../generated/client.ts';
import type { Database, Transaction } from '../open-database.ts';
import { partitionTables } from './partition-tables.ts';
import { takeTurn } from './take-turn.ts';

/** Rows of one statement. */
const MAX_ROWS = 2_000;
const MAX_BATCHES = 50;
const TIMEOUT_MS = 60_000;

const { events, deliveries, attempts } = partitionTables('_default');

const ended = (before: Date): Prisma.Sql => Prisma.sql`
  SELECT id FROM ${deliveries}
  WHERE id < uuid_floor(${before}::timestamptz) AND completed_at IS NOT NULL AND lease_token IS NULL`;

const forsaken = (before: Date): Prisma.Sql => Prisma.sql`
  SELECT v.id FROM ${events} v
  WHERE v.id < uuid_floor(${before}::timestamptz) AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.event_id = v.id)`;

/** Whether the default partition holds anything that is over. */
export async function hasExpiredStrays(database: Database, before: Date): Promise<boolean> {
  const [row] = await database.$queryRaw<{ found: boolean }[]>`
    SELECT EXISTS (${ended(before)}) OR EXISTS (${forsaken(before)}) AS found`;
  return row?.found === true;
}

async function dropDeliveries(tx: Transaction, before: Date): Promise<number> {
  const found = await tx.$queryRaw<
    { id: string }[]
  >`${ended(before)} ORDER BY id LIMIT ${MAX_ROWS} FOR UPDATE SKIP LOCKED`;
  const ids = found.map(({ id }) => id);
  await tx.$executeRaw`DELETE FROM ${attempts} WHERE delivery_id = ANY (${ids}::text[]::uuid[])`;
  await tx.$executeRaw`
    WITH gone AS (DELETE FROM ${deliveries} WHERE id = ANY (${ids}::text[]::uuid[]) RETURNING tenant_id, status)
    INSERT INTO ledger_changes (tenant_id, name, change)
    SELECT tenant_id, 'dropped_' || status, count(*) FROM gone GROUP BY 1, 2`;
  return ids.length;
}

async function dropEvents(tx: Transaction, before: Date): Promise<number> {
  const [gone] = await tx.$queryRaw<{ rows: number }[]>`
    WITH gone AS (
      DELETE FROM ${events} WHERE id IN (${forsaken(before)} ORDER BY v.id LIMIT ${MAX_ROWS}) RETURNING tenant_id
    ), noted AS (
      INSERT INTO ledger_changes (tenant_id, name, change)
      SELECT tenant_id, 'dropped_events', count(*) FROM gone GROUP BY 1
    )
    SELECT count(*)::int AS rows FROM gone`;
  return gone?.rows ?? 0;
}

async function expireBatch(database: Database, before: Date): Promise<number | null> {
  const dropped = await takeTurn(database, TIMEOUT_MS, (tx) => dropDeliveries(tx, before));
  // A transaction of its own: by now it is seen what was replayed of those deliveries, since a replay locks its source.
  const forgotten = await takeTurn(database, TIMEOUT_MS, (tx) => dropEvents(tx, before));
  return dropped === null || forgotten === null ? null : dropped + forgotten;
}

/**
 * Deletes what is over and ended in the default partition, row by row, some thousand at a time and a hundred thousand at the
 * most; an event when no delivery of it is left anywhere.
 *
 * @param before what was made before it is over
 * @returns how many events and deliveries went; `null` when it was somebody else's turn
 */
export async function expireStrays(database: Database, before: Date): Promise<number | null> {
  let sum = 0;
  for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
    const gone = await expireBatch(database, before);
    if (gone === null) return null;
    if (gone === 0) break;
    sum += gone;
  }
  return sum;
}
