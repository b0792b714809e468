const DAY_MS = 86_400_000;
/** A retention is cut into so many partitions: what is kept is at most a quarter older, and the tables are not many. */
const PARTS = 4;
/** Without a retention nothing goes, and fewer tables are better. */
const MAX_DAYS = 30;
/** A partition is there so long before it is needed: about one ahead of the current one. */
const MIN_AHEAD_DAYS = 3;
const MAX_AHEAD_DAYS = 7;

/** What one partition holds: from one midnight (UTC) on, and before another. */
export interface PartitionSpan {
  readonly starts: Date;
  readonly ends: Date;
}

/** How many days one partition holds. @param retentionDays 0: for ever */
const daysOfPartition = (retentionDays: number): number =>
  retentionDays === 0 ? MAX_DAYS : Math.min(MAX_DAYS, Math.max(1, Math.floor(retentionDays / PARTS)));

const midnightBefore = (at: Date): number => Math.floor(at.getTime() / DAY_MS) * DAY_MS;

/**
 * The partitions that are to be added now, so that there are enough ahead.
 *
 * @param lastEnds where the last partition ends; `null`: there is none. When that has passed, the next one starts at the
 *   coming midnight: what came since is in the default partition, and stays there
 * @param retentionDays 0: for ever
 */
export function planPartitions(now: Date, lastEnds: Date | null, retentionDays: number): PartitionSpan[] {
  const days = daysOfPartition(retentionDays);
  const until = now.getTime() + Math.min(MAX_AHEAD_DAYS, Math.max(MIN_AHEAD_DAYS, days)) * DAY_MS;
  const planned: PartitionSpan[] = [];
  let starts = lastEnds?.getTime() ?? 0;
  if (starts <= now.getTime()) starts = midnightBefore(now) + DAY_MS;
  while (starts < until) {
    const ends = starts + days * DAY_MS;
    planned.push({ starts: new Date(starts), ends: new Date(ends) });
    starts = ends;
  }
  return planned;
}
