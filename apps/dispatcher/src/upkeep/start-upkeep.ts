import { performance } from 'node:perf_hooks';
import { addPartitions } from '@posthorn/store/engine/add-partitions';
import { type Expired, expirePartitions } from '@posthorn/store/engine/expire-partitions';
import { readOpenSpan } from '@posthorn/store/engine/read-open-span';
import type { DispatcherDeps } from '../deps.ts';
import { type Rounds, runRounds } from '../reconcile/run-rounds.ts';

const ROUND_MS = 60_000;
const AFTER_ERROR_MS = 15_000;
/** Something was in the way, or there is more. */
const SOON_MS = 5_000;
const EXPIRE_EVERY_MS = 600_000;

/**
 * Looks after the partitions for as long as the dispatcher runs: adds those that will be needed, removes what is older than
 * the retention, and learns where open deliveries are.
 */
export function startUpkeep(deps: DispatcherDeps): Rounds {
  const { database, upkeepDatabase, retentionDays, openSpan, metrics, log } = deps;
  let nextExpiryMs = 0;

  const report = ({ detached, waiting, removed, strays, busy }: Expired): void => {
    if (!busy) metrics.partitionsWaiting.set(waiting.length);
    for (const { partition, kept } of detached) log.info('partition taken off', { partition: partition.suffix, kept });
    for (const { partition, wanted } of waiting)
      log.warn('partition is over, and too much of it is open', { partition: partition.suffix, rows: wanted });
    for (const { suffix, ...rows } of removed) log.info('partition removed', { partition: suffix, ...rows });
    if (strays > 0) log.info('rows removed that were over', { rows: strays });
  };

  /** @returns whether to go on soon */
  const expire = async (): Promise<boolean> => {
    if (retentionDays === 0 || performance.now() < nextExpiryMs) return false;
    const expired = await expirePartitions(upkeepDatabase, retentionDays);
    report(expired);
    const again = expired.busy || expired.strays > 0;
    if (!again) nextExpiryMs = performance.now() + EXPIRE_EVERY_MS;
    return again;
  };

  const round = async (): Promise<number> => {
    const added = await addPartitions(upkeepDatabase, retentionDays);
    if (added > 0) log.info('partitions added', { partitions: added });
    openSpan.set(await readOpenSpan(database));
    return (await expire()) ? SOON_MS : ROUND_MS;
  };
  return runRounds(round, AFTER_ERROR_MS, deps.logError('upkeep'));
}
