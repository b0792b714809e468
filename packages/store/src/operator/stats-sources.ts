import { deliveryStatuses } from '@posthorn/domain/delivery/delivery-status';
import type { StatsBuckets } from '@posthorn/domain/stats/stats-buckets';
import { uuidFloor } from '@posthorn/domain/uuid-time';
import { ALL_ENDPOINTS } from '../engine/add-to-sums.ts';
import { Prisma } from '../generated/client.ts';

/** Which attempts are wanted: those of the last buckets, the one under way included. */
export type StatsScope = StatsBuckets & {
  readonly tenantId: string;
  /** `null`: of every endpoint. */
  readonly endpointId: string | null;
};

/** The moments between which figures are read, in one snapshot. */
export interface StatsSpan {
  /** When the first bucket begins. */
  readonly since: Date;
  /** What is before it comes from the sums, and the rest from the rows. */
  readonly summedBefore: Date;
}

/** From where on rows are counted. */
const rowsSince = ({ since, summedBefore }: StatsSpan): Date => (summedBefore > since ? summedBefore : since);

export const bucketOf = ({ bucketSeconds }: StatsBuckets): Prisma.Sql =>
  Prisma.sql`make_interval(secs => ${bucketSeconds}::int)`;

/** Of one tenant, and of one endpoint where one is wanted. */
const ofScope = ({ tenantId, endpointId }: StatsScope): Prisma.Sql =>
  Prisma.sql`tenant_id = ${tenantId}::uuid ${endpointId === null ? Prisma.empty : Prisma.sql`AND endpoint_id = ${endpointId}::uuid`}`;

/** Sums of the scope's buckets; of all endpoints together, or of the one that is wanted. */
const sumsOf = (scope: StatsScope, { since }: StatsSpan): Prisma.Sql => Prisma.sql`
  tenant_id = ${scope.tenantId}::uuid AND seconds = ${scope.bucketSeconds}::int AND at >= ${since}::timestamptz
  AND endpoint_id = ${scope.endpointId ?? ALL_ENDPOINTS}::uuid`;

const changesOf = (scope: StatsScope, { since, summedBefore }: StatsSpan): Prisma.Sql => Prisma.sql`
  ${ofScope(scope)} AND at >= ${since}::timestamptz AND at < ${summedBefore}::timestamptz`;

/**
 * Attempts by endpoint, bucket and outcome, and by how long they took where they got an answer: those that are not summed
 * yet, and those that were recorded late. Rows of equal duration are one: workers can share that, and nothing long is sorted.
 */
export const groupedAttempts = (scope: StatsScope, span: StatsSpan): Prisma.Sql => Prisma.sql`
  SELECT endpoint_id, date_bin(${bucketOf(scope)}, started_at, 'epoch') AS at, outcome = 'succeeded' AS ok,
         CASE WHEN response_status IS NOT NULL THEN duration_ms END AS answered_ms, count(*) AS n
  FROM attempts
  WHERE ${ofScope(scope)} AND started_at >= ${rowsSince(span)}::timestamptz AND started_at <= now()
  GROUP BY 1, 2, 3, 4
  UNION ALL
  SELECT endpoint_id, date_bin(${bucketOf(scope)}, at, 'epoch'), succeeded, answered_ms, change
  FROM attempt_sum_changes WHERE ${changesOf(scope, span)}`;

/** How long the summed ones took, by bucket. */
export const summedDurations = (scope: StatsScope, span: StatsSpan): Prisma.Sql => Prisma.sql`
  SELECT at, u.ms AS answered_ms, u.n FROM attempt_sums, unnest(answered_ms, answered) u(ms, n) WHERE ${sumsOf(scope, span)}`;

/** How the summed ones ended, by endpoint and bucket. */
export const summedOutcomes = (scope: StatsScope, { since }: StatsSpan): Prisma.Sql => Prisma.sql`
  SELECT endpoint_id, at, succeeded AS ok, failed AS bad FROM attempt_sums
  WHERE ${ofScope(scope)} AND seconds = ${scope.bucketSeconds}::int AND at >= ${since}::timestamptz
    AND endpoint_id <> ${ALL_ENDPOINTS}::uuid`;

/**
 * The deliveries made since then, by bucket and by how they stand. Ids hold the time of their making, to the millisecond,
 * so these are exactly those that a list from the same moment on has.
 */
export const madeDeliveries = (scope: StatsScope, span: StatsSpan): Prisma.Sql => Prisma.sql`
  SELECT at, status, sum(n) AS n FROM (
    SELECT at, status, count(*) AS n FROM (
      SELECT b.moments[width_bucket(d.id, b.starts)] AS at, d.status
      FROM (SELECT array_agg(m ORDER BY m) AS moments, array_agg(uuid_floor(m) ORDER BY m) AS starts
            FROM generate_series(${span.since}::timestamptz, now(), ${bucketOf(scope)}) m) b
      CROSS JOIN (SELECT id, status FROM deliveries
                  WHERE ${ofScope(scope)} AND status = ANY (${[...deliveryStatuses]}::text[]) AND id >= ${uuidFloor(rowsSince(span))}::uuid) d) made
    GROUP BY 1, 2
    UNION ALL
    SELECT date_bin(${bucketOf(scope)}, at, 'epoch'), status, change FROM delivery_sum_changes WHERE ${changesOf(scope, span)}
    UNION ALL
    SELECT at, status, count FROM delivery_sums WHERE ${sumsOf(scope, span)}) each
  GROUP BY 1, 2 HAVING sum(n) <> 0`;

/** Of each endpoint the longest waiting open deliveries, so many at the most: an index has them in order. */
export const overdueDeliveries = ({ tenantId, endpointId }: StatsScope, ofEach: number): Prisma.Sql => Prisma.sql`
  SELECT d.due_at FROM endpoints e CROSS JOIN LATERAL (
    SELECT due_at FROM deliveries
    WHERE endpoint_id = e.id AND status IN ('pending', 'retrying') AND due_at < now()
    ORDER BY due_at LIMIT ${ofEach}) d
  WHERE e.tenant_id = ${tenantId}::uuid ${endpointId === null ? Prisma.empty : Prisma.sql`AND e.id = ${endpointId}::uuid`}`;
