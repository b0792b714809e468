import { performance } from 'node:perf_hooks';
import { addPartitions } from '@posthorn/store/engine/add-partitions';
import { advanceSums } from '@posthorn/store/engine/advance-sums';
import { type Expired, expirePartitions } from '@posthorn/store/engine/expire-partitions';
import { readOpenSpan } from '@posthorn/store/engine/read-open-span';
import { sumUsage } from '@posthorn/store/engine/sum-usage';
import type { DispatcherDeps } from '../deps.ts';
import { type Rounds, runRounds } from '../reconcile/run-rounds.ts';

const ROUND_MS = 60_000;
const AFTER_ERROR_MS = 15_000;
/** Something was in the way, or there is more. */
const SOON_MS = 5_000;
const EXPIRE_EVERY_MS = 600_000;
/** Steps of one round; a time takes three. */
const MAX_SUM_STEPS = 60;
/** Steps of one round, of 20,000 records each. */
const MAX_USAGE_STEPS = 20;

/**
 * Looks after what is not of the moment, for as long as the dispatcher runs: adds the partitions that will be needed, learns
 * where open deliveries are, sums for the statistics what is over, and usage by the minute, and removes what is older than the retention.
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

  /** @returns whether to go on soon */
  const sum = async (): Promise<boolean> => {
    for (let step = 0; step < MAX_SUM_STEPS; step += 1) {
      const done = await advanceSums(upkeepDatabase);
      if (done === 'idle' || done === 'wait' || done === null) return done === 'wait';
    }
    return true;
  };

  /** @returns whether to go on soon */
  const sumUsed = async (): Promise<boolean> => {
    for (let step = 0; step < MAX_USAGE_STEPS; step += 1) {
      if (!(await sumUsage(upkeepDatabase))) return false;
    }
    return true;
  };

  /** What fails must not keep the rest waiting. */
  const apart = (what: string, step: () => Promise<boolean>): Promise<boolean> =>
    step().catch((error: unknown) => {
      deps.logError(`upkeep: ${what}`)(error);
      return false;
    });

  const round = async (): Promise<number> => {
    const added = await addPartitions(upkeepDatabase, retentionDays);
    if (added > 0) log.info('partitions added', { partitions: added });
    openSpan.set(await readOpenSpan(database));
    // First: what goes stays counted where it was summed. It must go all the same where that fails.
    const more = [await apart('sums of statistics', sum), await apart('sums of usage', sumUsed)];
    return (await expire()) || more.includes(true) ? SOON_MS : ROUND_MS;
  };
  return runRounds(round, AFTER_ERROR_MS, deps.logError('upkeep'));
}
