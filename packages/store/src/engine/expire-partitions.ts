import type { Database } from '../open-database.ts';
import { type Detached, detachPartition } from './detach-partition.ts';
import { expireKeys } from './expire-keys.ts';
import { expireNotifications } from './expire-notifications.ts';
import { expireStrays, hasExpiredStrays } from './expire-strays.ts';
import { keepPairAnswers } from './keep-pair-answers.ts';
import { listPartitions, type Partition, type Partitions } from './list-partitions.ts';
import { type Removed, removeDetached } from './remove-detached.ts';

const DAY_MS = 86_400_000;

/** What one round did. */
export interface Expired {
  /** Partitions that were taken off, with the rows of each that are kept for now. */
  readonly detached: readonly { readonly partition: Partition; readonly kept: number }[];
  /** Partitions that are over, and of which too much is still wanted. */
  readonly waiting: readonly { readonly partition: Partition; readonly wanted: number }[];
  readonly removed: readonly (Removed & { readonly suffix: string })[];
  /** Events and deliveries that went one by one. */
  readonly strays: number;
  /** Whether somebody else was at it, or in the way: then it is to be tried again soon. */
  readonly busy: boolean;
}

/** What is older is over; whole partitions, and what the default partition has from before the first that stays. */
function over({ now, attached }: Partitions, retentionDays: number) {
  const cutoff = new Date(now.getTime() - retentionDays * DAY_MS);
  const partitions = attached.filter(({ ends }) => ends <= cutoff);
  const first = attached.find(({ ends }) => ends > cutoff)?.starts ?? cutoff;
  return { partitions, before: first < cutoff ? first : cutoff };
}

async function detachAll(database: Database, partitions: readonly Partition[]) {
  const done: (Detached & { readonly partition: Partition })[] = [];
  for (const partition of partitions) done.push({ partition, ...(await detachPartition(database, partition)) });
  return done;
}

/**
 * Removes what is older than the retention and ended: whole partitions, single rows of the default partition, and mails. Each step
 * is a transaction that leaves a whole state behind; what a crash leaves to do the next call finds in the catalog.
 *
 * @param retentionDays 1 or more
 */
export async function expirePartitions(database: Database, retentionDays: number): Promise<Expired> {
  const partitions = await listPartitions(database);
  const { partitions: ripe, before } = over(partitions, retentionDays);
  await expireNotifications(database, before);
  const strays = await hasExpiredStrays(database, before);
  const nothing: Expired = { detached: [], waiting: [], removed: [], strays: 0, busy: false };
  if (ripe.length === 0 && partitions.detached.length === 0 && !strays) return nothing;
  if ((await keepPairAnswers(database, before)) === null) return { ...nothing, busy: true };
  const done = await detachAll(database, ripe);
  const gone = strays ? await expireStrays(database, before) : 0;
  // After their events have gone, so that no key is left that somebody stored meanwhile.
  const keys = await expireKeys(database, before);
  const removed: (Removed & { readonly suffix: string })[] = [];
  let busy = keys === null || gone === null || done.some(({ kind }) => kind === 'busy');
  for (const suffix of (await listPartitions(database)).detached) {
    const counts = await removeDetached(database, suffix);
    if (counts === null) busy = true;
    else removed.push({ suffix, ...counts });
  }
  return {
    detached: done.flatMap((each) => (each.kind === 'detached' ? [each] : [])),
    waiting: done.flatMap((each) => (each.kind === 'waits' ? [each] : [])),
    removed,
    strays: gone ?? 0,
    busy,
  };
}
