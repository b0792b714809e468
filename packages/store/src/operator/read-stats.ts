import { type DeliveryStatus, deliveryStatuses } from '@posthorn/domain/delivery/delivery-status';
import { Prisma } from '../generated/client.ts';
import type { Database } from '../open-database.ts';

/** Overdue deliveries that are counted at the most. */
const MAX_OVERDUE = 10_000;
/** Endpoints that are told apart: those with most failures. */
const MAX_ENDPOINTS = 100;

/** Which attempts are wanted: those of the last buckets, the one under way included. */
export interface StatsScope {
  readonly tenantId: string;
  /** `null`: of every endpoint. */
  readonly endpointId: string | null;
  /** Buckets begin at multiples of this since 1970. */
  readonly bucketSeconds: number;
  readonly bucketCount: number;
}

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

/** Rows of equal outcome, endpoint, bucket and duration as one: workers can share that, and nothing long is sorted. */
const groupedAttempts = ({ tenantId, endpointId }: StatsScope, bucket: Prisma.Sql, since: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`
    SELECT endpoint_id, date_bin(${bucket}, started_at, 'epoch') AS at, outcome = 'succeeded' AS ok,
           CASE WHEN response_status IS NOT NULL THEN duration_ms END AS answered_ms, count(*) AS n
    FROM attempts
    WHERE tenant_id = ${tenantId}::uuid AND started_at >= ${since} AND started_at <= now()
      ${endpointId === null ? Prisma.empty : Prisma.sql`AND endpoint_id = ${endpointId}::uuid`}
    GROUP BY 1, 2, 3, 4`;

/**
 * The deliveries made since then, by bucket and by how they stand. Ids hold the time of their making, to the millisecond,
 * so these are exactly those that a list from the same moment on has.
 */
const madeDeliveries = ({ tenantId, endpointId }: StatsScope, bucket: Prisma.Sql, since: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`
    SELECT s.at, s.status, count(*) AS n FROM (
      SELECT b.moments[width_bucket(d.id, b.starts)] AS at, k.status
      FROM (SELECT array_agg(m ORDER BY m) AS moments,
                   array_agg((lpad(to_hex((extract(epoch FROM m) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid ORDER BY m) AS starts
            FROM generate_series(${since}, now(), ${bucket}) m) b
      CROSS JOIN unnest(${[...deliveryStatuses]}::text[]) k(status)
      JOIN deliveries d ON d.tenant_id = ${tenantId}::uuid AND d.status = k.status AND d.id >= b.starts[1]
        ${endpointId === null ? Prisma.empty : Prisma.sql`AND d.endpoint_id = ${endpointId}::uuid`}) s
    GROUP BY 1, 2`;

/** Of each endpoint the longest waiting open deliveries, so many at the most: an index has them in order. */
const overdueDeliveries = ({ tenantId, endpointId }: StatsScope, ofEach: number): Prisma.Sql => Prisma.sql`
  SELECT d.due_at FROM endpoints e CROSS JOIN LATERAL (
    SELECT due_at FROM deliveries
    WHERE endpoint_id = e.id AND status IN ('pending', 'retrying') AND due_at < now()
    ORDER BY due_at LIMIT ${ofEach}) d
  WHERE e.tenant_id = ${tenantId}::uuid ${endpointId === null ? Prisma.empty : Prisma.sql`AND e.id = ${endpointId}::uuid`}`;

/**
 * Reads how a tenant's deliveries and attempts have fared of late, in one statement. The attempts come from an index alone;
 * what it costs grows with the attempts and deliveries of the span and with the tenant's endpoints, not with what else
 * there is.
 */
export async function readStats(database: Database, scope: StatsScope): Promise<StatsFigures> {
  const bucket = Prisma.sql`make_interval(secs => ${scope.bucketSeconds}::int)`;
  const since = Prisma.sql`date_bin(${bucket}, now(), 'epoch') - ${scope.bucketCount - 1}::int * ${bucket}`;
  const counted = MAX_OVERDUE + 1;
  const [row] = await database.$queryRaw<Row[]>`
    WITH grouped AS MATERIALIZED (${groupedAttempts(scope, bucket, since)}), spread AS (
      SELECT at, answered_ms, sum(sum(n)) OVER (PARTITION BY at ORDER BY answered_ms) AS up_to,
             sum(sum(n)) OVER (PARTITION BY at) AS total
      FROM grouped WHERE answered_ms IS NOT NULL
      GROUP BY GROUPING SETS ((at, answered_ms), (answered_ms))
    ), ranks AS (
      SELECT at, min(answered_ms) FILTER (WHERE up_to >= 0.50 * total) AS p50,
             min(answered_ms) FILTER (WHERE up_to >= 0.95 * total) AS p95
      FROM spread GROUP BY at
    ), buckets AS (
      SELECT jsonb_agg(jsonb_build_object('atMs', at_ms, 'succeeded', ok, 'failed', bad, 'p95Ms', p95) ORDER BY at_ms) AS all
      FROM (SELECT extract(epoch FROM g.at)::bigint * 1000 AS at_ms, coalesce(sum(n) FILTER (WHERE ok), 0) AS ok,
                   coalesce(sum(n) FILTER (WHERE NOT ok), 0) AS bad, min(r.p95) AS p95
            FROM grouped g LEFT JOIN ranks r ON r.at = g.at GROUP BY g.at) b
    ), counted AS (
      SELECT endpoint_id, at, coalesce(sum(n) FILTER (WHERE ok), 0) AS ok, coalesce(sum(n) FILTER (WHERE NOT ok), 0) AS bad
      FROM grouped GROUP BY 1, 2
    ), worst AS (
      SELECT endpoint_id, sum(bad) AS bad, sum(ok + bad) AS total,
             jsonb_agg(jsonb_build_object('atMs', extract(epoch FROM at)::bigint * 1000, 'succeeded', ok, 'failed', bad)) AS buckets
      FROM counted GROUP BY 1 ORDER BY 2 DESC, 3 DESC, 1 LIMIT ${MAX_ENDPOINTS}
    )
    SELECT (extract(epoch FROM now()) * 1000)::float8 AS "nowMs", (extract(epoch FROM ${since}) * 1000)::float8 AS "sinceMs",
           (SELECT p50 FROM ranks WHERE at IS NULL) AS "p50Ms", (SELECT p95 FROM ranks WHERE at IS NULL) AS "p95Ms",
           coalesce((SELECT b.all FROM buckets b), '[]') AS buckets,
           coalesce((SELECT jsonb_agg(jsonb_build_object('endpointId', endpoint_id, 'buckets', buckets)
                                      ORDER BY bad DESC, total DESC, endpoint_id) FROM worst), '[]') AS endpoints,
           coalesce((SELECT jsonb_agg(jsonb_build_object('atMs', extract(epoch FROM at)::bigint * 1000, 'status', status, 'count', n))
                     FROM (${madeDeliveries(scope, bucket, since)}) d), '[]') AS made,
           (SELECT count(*)::int FROM (${overdueDeliveries(scope, counted)} LIMIT ${counted}) o) AS overdue,
           (SELECT extract(epoch FROM now() - min(due_at)) * 1000 FROM (${overdueDeliveries(scope, 1)}) o)::float8 AS "oldestMs"`;
  if (!row) throw new Error('The statistics statement returned no row');
  const { overdue, oldestMs, ...figures } = row;
  return { ...figures, overdue: { count: Math.min(overdue, MAX_OVERDUE), capped: overdue > MAX_OVERDUE, oldestMs } };
}
