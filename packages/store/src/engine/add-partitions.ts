import { planPartitions } from '@posthorn/domain/partition/plan-partitions';
import type { Database } from '../open-database.ts';
import { listPartitions } from './list-partitions.ts';
import { limitWaiting, takeTurn } from './take-turn.ts';

const TIMEOUT_MS = 60_000;
/** What waits for a table waits no longer than this because of us; the next round tries again. */
const MAX_LOCK_WAIT_MS = 250;

/**
 * Adds the partitions that will be needed. Any number of dispatchers may call this at once.
 *
 * @param retentionDays 0: for ever
 * @returns how many were added
 * @throws when a lock was not to be had in time, and then none was added
 */
export async function addPartitions(database: Database, retentionDays: number): Promise<number> {
  const { now, attached } = await listPartitions(database);
  if (planPartitions(now, attached.at(-1)?.ends ?? null, retentionDays).length === 0) return 0;
  const added = await takeTurn(database, TIMEOUT_MS, async (tx) => {
    // Again: another may have added them since.
    const current = await listPartitions(tx);
    const planned = planPartitions(current.now, current.attached.at(-1)?.ends ?? null, retentionDays);
    await limitWaiting(tx, MAX_LOCK_WAIT_MS);
    for (const { starts, ends } of planned)
      await tx.$queryRaw`SELECT add_partition(${starts}::timestamptz, ${ends}::timestamptz)::text`;
    return planned.length;
  });
  return added ?? 0;
}
