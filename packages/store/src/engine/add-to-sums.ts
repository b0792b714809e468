import { statsBuckets } from '@posthorn/domain/stats/stats-buckets';
import { Prisma } from '../generated/client.ts';

/** Stands for every endpoint of a tenant together. */
export const ALL_ENDPOINTS = '00000000-0000-0000-0000-000000000000';

const kept = Object.values(statsBuckets);

/** The lengths of buckets, as `seconds`, and from when on those are kept that somebody may ask for. */
export const keptBuckets = Prisma.sql`(
  SELECT seconds, length, date_bin(length, now(), 'epoch') - buckets * length AS since
  FROM unnest(${kept.map(({ bucketSeconds }) => bucketSeconds)}::int[], ${kept.map(({ bucketCount }) => bucketCount)}::int[])
         AS t(seconds, buckets),
       LATERAL (SELECT make_interval(secs => seconds) AS length) l)`;

/** A row of `fresh` counts in the buckets of every length, for its endpoint and for all of them. */
const sumsOfEach = Prisma.sql`
  fresh f CROSS JOIN ${keptBuckets} k CROSS JOIN LATERAL (VALUES (f.endpoint_id), (${ALL_ENDPOINTS}::uuid)) e(id)
  WHERE f.at >= k.since`;

/** Adds the rows of `fresh`: tenant_id, endpoint_id, at (their minute), status, n. */
export const addDeliveries = Prisma.sql`
  INSERT INTO delivery_sums AS s (tenant_id, seconds, endpoint_id, at, status, count)
  SELECT f.tenant_id, k.seconds, e.id, date_bin(k.length, f.at, 'epoch'), f.status, sum(f.n) FROM ${sumsOfEach}
  GROUP BY 1, 2, 3, 4, 5 HAVING sum(f.n) <> 0
  ON CONFLICT (tenant_id, seconds, endpoint_id, at, status) DO UPDATE SET count = s.count + excluded.count`;

/**
 * The parts of a statement after `fresh` that add its rows: tenant_id, endpoint_id, at (their minute), succeeded,
 * answered_ms, n. Only one may do so at a time, and from a snapshot that is younger than the one before.
 */
export const addAttempts = Prisma.sql`
  keyed AS (
    SELECT f.tenant_id, k.seconds, e.id AS endpoint_id, date_bin(k.length, f.at, 'epoch') AS at, f.succeeded,
           f.answered_ms, sum(f.n) AS n
    FROM ${sumsOfEach} GROUP BY 1, 2, 3, 4, 5, 6
  ), counted AS (
    SELECT tenant_id, seconds, endpoint_id, at, coalesce(sum(n) FILTER (WHERE succeeded), 0) AS succeeded,
           coalesce(sum(n) FILTER (WHERE NOT succeeded), 0) AS failed
    FROM keyed GROUP BY 1, 2, 3, 4
  ), spread AS (
    SELECT tenant_id, seconds, endpoint_id, at, ms, sum(n)::int AS n FROM (
      SELECT tenant_id, seconds, endpoint_id, at, answered_ms AS ms, n FROM keyed WHERE answered_ms IS NOT NULL
      UNION ALL
      SELECT c.tenant_id, c.seconds, c.endpoint_id, c.at, u.ms, u.n
      FROM counted c JOIN attempt_sums s USING (tenant_id, seconds, endpoint_id, at),
           unnest(s.answered_ms, s.answered) u(ms, n)) both_parts
    GROUP BY 1, 2, 3, 4, 5
  ), gathered AS (
    SELECT tenant_id, seconds, endpoint_id, at, array_agg(ms ORDER BY ms) AS answered_ms, array_agg(n ORDER BY ms) AS answered
    FROM spread GROUP BY 1, 2, 3, 4
  )
  INSERT INTO attempt_sums AS s (tenant_id, seconds, endpoint_id, at, succeeded, failed, answered_ms, answered)
  SELECT tenant_id, seconds, endpoint_id, at, c.succeeded, c.failed, g.answered_ms, g.answered
  FROM counted c LEFT JOIN gathered g USING (tenant_id, seconds, endpoint_id, at)
  ON CONFLICT (tenant_id, seconds, endpoint_id, at) DO UPDATE SET
    succeeded = s.succeeded + excluded.succeeded, failed = s.failed + excluded.failed,
    answered_ms = excluded.answered_ms, answered = excluded.answered`;
