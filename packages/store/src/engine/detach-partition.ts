import { isLockTimeout } from '../is-unavailable.ts';
import type { Database, Transaction } from '../open-database.ts';
import { findKept, type Kept, MAX_KEPT } from './find-kept.ts';
import { listPartitions, type Partition } from './list-partitions.ts';
import { partitionTables } from './partition-tables.ts';
import { limitWaiting, takeTurn } from './take-turn.ts';

const TIMEOUT_MS = 10_000;
/** Nobody who accepts or delivers waits longer than this for us to get our locks. */
const MAX_LOCK_WAIT_MS = 250;

/** `waits`: too much is still wanted of it. `busy`: somebody else was at it, or the tables were not free in time. */
export type Detached =
  | { readonly kind: 'detached'; readonly kept: number }
  | { readonly kind: 'waits'; readonly wanted: number }
  | { readonly kind: 'busy' };

const wantedOf = ({ deliveries, events }: Kept): number => Math.max(deliveries.length, events.length);

/** Into the default partition, which takes these ids from the moment on that their own is off. */
async function keep(tx: Transaction, suffix: string, { deliveries, events }: Kept): Promise<void> {
  const own = partitionTables(suffix);
  const spare = partitionTables('_default');
  const eventIds = [...events];
  const deliveryIds = [...deliveries];
  await tx.$executeRaw`INSERT INTO ${spare.events} SELECT * FROM ${own.events} WHERE id = ANY (${eventIds}::text[]::uuid[])`;
  await tx.$executeRaw`
    INSERT INTO ${spare.deliveries} SELECT * FROM ${own.deliveries} WHERE id = ANY (${deliveryIds}::text[]::uuid[])`;
  await tx.$executeRaw`
    INSERT INTO ${spare.attempts} SELECT * FROM ${own.attempts} WHERE delivery_id = ANY (${deliveryIds}::text[]::uuid[])`;
  await tx.$executeRaw`DELETE FROM ${own.attempts} WHERE delivery_id = ANY (${deliveryIds}::text[]::uuid[])`;
  await tx.$executeRaw`DELETE FROM ${own.deliveries} WHERE id = ANY (${deliveryIds}::text[]::uuid[])`;
  await tx.$executeRaw`DELETE FROM ${own.events} WHERE id = ANY (${eventIds}::text[]::uuid[])`;
}

async function detach(tx: Transaction, partition: Partition): Promise<Detached> {
  await limitWaiting(tx, MAX_LOCK_WAIT_MS);
  // What is wanted must be so when it is off: a replay, or an attempt that ends just now, waits for a moment.
  // Everybody comes by way of these three. Locking what is beneath them too would wait for a vacuum of any of it.
  await tx.$executeRaw`LOCK TABLE ONLY events, ONLY deliveries, ONLY attempts IN ACCESS EXCLUSIVE MODE`;
  const { attached } = await listPartitions(tx);
  if (!attached.some(({ suffix }) => suffix === partition.suffix)) return { kind: 'busy' };
  const kept = await findKept(tx, partition);
  if (wantedOf(kept) > MAX_KEPT) return { kind: 'waits', wanted: wantedOf(kept) };
  const { events, deliveries, attempts } = partitionTables(partition.suffix);
  await tx.$executeRaw`ALTER TABLE attempts DETACH PARTITION ${attempts}`;
  await tx.$executeRaw`ALTER TABLE deliveries DETACH PARTITION ${deliveries}`;
  await tx.$executeRaw`ALTER TABLE events DETACH PARTITION ${events}`;
  await keep(tx, partition.suffix, kept);
  return { kind: 'detached', kept: wantedOf(kept) };
}

/**
 * Takes a partition off that is over: lists and views end before it from then on. What is still wanted of it stays, in the
 * default partition; of a partition of which too much is, all of it. Everybody else waits for milliseconds, and at most for
 * a quarter of a second for each of the three locks that this needs.
 */
export async function detachPartition(database: Database, partition: Partition): Promise<Detached> {
  const before = await findKept(database, partition);
  if (wantedOf(before) > MAX_KEPT) return { kind: 'waits', wanted: wantedOf(before) };
  try {
    const detached = await takeTurn(database, TIMEOUT_MS, (tx) => detach(tx, partition));
    return detached ?? { kind: 'busy' };
  } catch (error) {
    if (isLockTimeout(error)) return { kind: 'busy' };
    throw error;
  }
}
