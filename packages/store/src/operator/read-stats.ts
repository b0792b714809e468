import type { DeliveryStatus } from '@posthorn/domain/delivery/delivery-status';
import type { Database, Transaction } from '../open-database.ts';
import {
  bucketOf,
  groupedAttempts,
  madeDeliveries,
  overdueDeliveries,
  type StatsScope,
  type StatsSpan,
  summedDurations,
  summedOutcomes,
} from './stats-sources.ts';

export type { StatsScope } from './stats-sources.ts';

/** Overdue deliveries that are counted at the most. */
const MAX_OVERDUE = 10_000;
/** Endpoints that are told apart: those with most failures. */
const MAX_ENDPOINTS = 100;
/** Each statement has its own limit; this is for all of them. */
const TIMEOUT_MS = 8_000;

/** How the attempts ended that began in one bucket. */
export interface OutcomeCounts {
  readonly succeeded: number;
  readonly failed: number;
}

/** The same, and when the bucket begins, in ms since 1970. Buckets without attempts are missing. */
export interface CountedBucket extends OutcomeCounts {
  readonly atMs: number;
}

/** How many of the deliveries that were made in one bucket stand so now. `atMs` as in {@link CountedBucket}. */
export interface MadeDeliveries {
  readonly atMs: number;
  readonly status: DeliveryStatus;
  readonly count: number;
}

/** Deliveries and attempts of a span of time. Durations are nearest-rank percentiles of attempts that got an answer, else `null`. */
export interface StatsFigures {
  /** The database's clock. */
  readonly nowMs: number;
  /** When the first bucket begins. */
  readonly sinceMs: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly buckets: readonly (CountedBucket & { readonly p95Ms: number | null })[];
  /** Most failures first. */
  readonly endpoints: readonly { readonly endpointId: string; readonly buckets: readonly CountedBucket[] }[];
  /** By bucket and status; what there is none of is missing. */
  readonly made: readonly MadeDeliveries[];
  /** Open deliveries whose time has come; `capped`: there are more than were counted. */
  readonly overdue: { readonly count: number; readonly capped: boolean; readonly oldestMs: number | null };
}

interface Row extends Omit<StatsFigures, 'overdue'> {
  readonly overdue: number;
  readonly oldestMs: number | null;
}

async function readSpan(tx: Transaction, scope: StatsScope): Promise<StatsSpan> {
  const [span] = await tx.$queryRaw<StatsSpan[]>`
    SELECT date_bin(b, now(), 'epoch') - ${scope.bucketCount - 1}::int * b AS since, summed_before AS "summedBefore"
    FROM sum_progress, ${bucketOf(scope)} b`;
  if (!span) throw new Error('The row that says how far statistics are summed is missing');
  return span;
}

const readFigures = (tx: Transaction, scope: StatsScope, span: StatsSpan): Promise<Row[]> => tx.$queryRaw<Row[]>`
  WITH grouped AS MATERIALIZED (${groupedAttempts(scope, span)}), spread AS (
    SELECT at, answered_ms, sum(sum(n)) OVER (PARTITION BY at ORDER BY answered_ms) AS up_to,
           sum(sum(n)) OVER (PARTITION BY at) AS total
    FROM (SELECT at, answered_ms, n FROM grouped WHERE answered_ms IS NOT NULL
          UNION ALL ${summedDurations(scope, span)}) answered
    GROUP BY GROUPING SETS ((at, answered_ms), (answered_ms))
  ), ranks AS (
    SELECT at, min(answered_ms) FILTER (WHERE up_to >= 0.50 * total) AS p50,
           min(answered_ms) FILTER (WHERE up_to >= 0.95 * total) AS p95
    FROM spread GROUP BY at
  ), counted AS (
    SELECT endpoint_id, at, sum(ok) AS ok, sum(bad) AS bad
    FROM (SELECT endpoint_id, at, CASE WHEN ok THEN n ELSE 0 END AS ok, CASE WHEN ok THEN 0 ELSE n END AS bad FROM grouped
          UNION ALL ${summedOutcomes(scope, span)}) ended
    GROUP BY 1, 2
  ), buckets AS (
    SELECT jsonb_agg(jsonb_build_object('atMs', extract(epoch FROM b.at)::bigint * 1000, 'succeeded', ok, 'failed', bad,
                                        'p95Ms', r.p95) ORDER BY b.at) AS all
    FROM (SELECT at, sum(ok) AS ok, sum(bad) AS bad FROM counted GROUP BY at) b LEFT JOIN ranks r ON r.at = b.at
  ), worst AS (
    SELECT endpoint_id, sum(bad) AS bad, sum(ok + bad) AS total,
           jsonb_agg(jsonb_build_object('atMs', extract(epoch FROM at)::bigint * 1000, 'succeeded', ok, 'failed', bad)) AS buckets
    FROM counted GROUP BY 1 ORDER BY 2 DESC, 3 DESC, 1 LIMIT ${MAX_ENDPOINTS}
  )
  SELECT (extract(epoch FROM now()) * 1000)::float8 AS "nowMs", ${span.since.getTime()}::float8 AS "sinceMs",
         (SELECT p50 FROM ranks WHERE at IS NULL) AS "p50Ms", (SELECT p95 FROM ranks WHERE at IS NULL) AS "p95Ms",
         coalesce((SELECT b.all FROM buckets b), '[]') AS buckets,
         coalesce((SELECT jsonb_agg(jsonb_build_object('endpointId', endpoint_id, 'buckets', buckets)
                                    ORDER BY bad DESC, total DESC, endpoint_id) FROM worst), '[]') AS endpoints,
         coalesce((SELECT jsonb_agg(jsonb_build_object('atMs', extract(epoch FROM at)::bigint * 1000, 'status', status, 'count', n))
                   FROM (${madeDeliveries(scope, span)}) d), '[]') AS made,
         (SELECT count(*)::int FROM (${overdueDeliveries(scope, MAX_OVERDUE + 1)} LIMIT ${MAX_OVERDUE + 1}) o) AS overdue,
         (SELECT extract(epoch FROM now() - min(due_at)) * 1000 FROM (${overdueDeliveries(scope, 1)}) o)::float8 AS "oldestMs"`;

/**
 * Reads how a tenant's deliveries and attempts have fared of late, all as of one moment. What is over comes from sums, the
 * last minutes from an index of the attempts and one of the deliveries alone. So what it costs grows with the buckets, the
 * tenant's endpoints and those minutes, not with the deliveries of the span.
 */
export async function readStats(database: Database, scope: StatsScope): Promise<StatsFigures> {
  // One snapshot: what is summed between two statements would count twice. Two, so that plans know what is wanted.
  const [row] = await database.$transaction(async (tx) => readFigures(tx, scope, await readSpan(tx, scope)), {
    isolationLevel: 'RepeatableRead',
    timeout: TIMEOUT_MS,
  });
  if (!row) throw new Error('The statistics statement returned no row');
  const { overdue, oldestMs, ...figures } = row;
  return { ...figures, overdue: { count: Math.min(overdue, MAX_OVERDUE), capped: overdue > MAX_OVERDUE, oldestMs } };
}
