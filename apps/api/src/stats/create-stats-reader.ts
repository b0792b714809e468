import { type StatsRange, statsRanges } from '@posthorn/http-api/stats';
import type { Database } from '@posthorn/store/open-database';
import { readStats, type StatsFigures } from '@posthorn/store/operator/read-stats';

/** How old figures may be that are given again. */
const STATS_TTL_MS = 10_000;
/** Each may hold some hundred kilobytes. */
const MAX_KEPT_STATS = 200;

/** Whose figures, and of when. */
export interface StatsQuestion {
  readonly tenantId: string;
  readonly endpointId: string | null;
  readonly range: StatsRange;
}

export type StatsReader = (question: StatsQuestion) => Promise<StatsFigures>;

interface KeptStats {
  readonly figures: Promise<StatsFigures>;
  readonly untilMs: number;
}

/**
 * Reads statistics and keeps them for a while: who asks the same meanwhile shares one statement, be it under way or done.
 *
 * @param nowMs a clock that never goes back
 */
export function createStatsReader(database: Database, nowMs: () => number): StatsReader {
  // In the order in which they were read, which is also that in which they end.
  const kept = new Map<string, KeptStats>();
  const dropOld = (now: number): void => {
    for (const [key, { untilMs }] of kept) {
      if (untilMs > now && kept.size < MAX_KEPT_STATS) return;
      kept.delete(key);
    }
  };
  return ({ tenantId, endpointId, range }) => {
    const key = `${tenantId} ${endpointId} ${range}`;
    const now = nowMs();
    const known = kept.get(key);
    if (known && known.untilMs > now) return known.figures;
    kept.delete(key);
    dropOld(now);
    const entry = {
      figures: readStats(database, { tenantId, endpointId, ...statsRanges[range] }),
      untilMs: now + STATS_TTL_MS,
    };
    kept.set(key, entry);
    entry.figures.catch(() => kept.get(key) === entry && kept.delete(key));
    return entry.figures;
  };
}
