import { encodeTypeId } from '@posthorn/domain/type-id';
import { type Stats, type StatsRange, statsRanges } from '@posthorn/http-api/stats';
import type { CountedBucket, OutcomeCounts, StatsFigures } from '@posthorn/store/operator/read-stats';

const MS_PER_SECOND = 1_000;

const iso = (ms: number): string => new Date(ms).toISOString();
const rounded = (ms: number | null): number | null => (ms === null ? null : Math.round(ms));

function sumOf(buckets: readonly OutcomeCounts[]): OutcomeCounts {
  const sum = (read: (bucket: OutcomeCounts) => number) => buckets.reduce((total, bucket) => total + read(bucket), 0);
  return { succeeded: sum((bucket) => bucket.succeeded), failed: sum((bucket) => bucket.failed) };
}

/** A bucket for each moment; `show` makes one of what was counted, which may be nothing. */
function fillBuckets<Bucket extends CountedBucket, Shown>(
  moments: readonly number[],
  buckets: readonly Bucket[],
  show: (atMs: number, bucket: Bucket | undefined) => Shown,
): Shown[] {
  const byMoment = new Map(buckets.map((bucket) => [bucket.atMs, bucket]));
  return moments.map((atMs) => show(atMs, byMoment.get(atMs)));
}

const countsOf = (bucket: OutcomeCounts | undefined): OutcomeCounts => ({
  succeeded: bucket?.succeeded ?? 0,
  failed: bucket?.failed ?? 0,
});

/** Statistics as the API shows them: every bucket, those without attempts too. */
export function showStats(range: StatsRange, figures: StatsFigures): Stats {
  const { bucketSeconds, bucketCount } = statsRanges[range];
  const { nowMs, sinceMs, buckets, endpoints, overdue } = figures;
  const moments = Array.from({ length: bucketCount }, (_, index) => sinceMs + index * bucketSeconds * MS_PER_SECOND);
  const sum = sumOf(buckets);
  const total = sum.succeeded + sum.failed;
  return {
    range,
    from: iso(sinceMs),
    to: iso(nowMs),
    bucket_seconds: bucketSeconds,
    attempts: { total, ...sum },
    success_rate: total === 0 ? null : sum.succeeded / total,
    latency_ms: { p50: figures.p50Ms, p95: figures.p95Ms },
    overdue: { count: overdue.count, capped: overdue.capped, oldest_due_ms: rounded(overdue.oldestMs) },
    buckets: fillBuckets(moments, buckets, (atMs, bucket) => ({
      at: iso(atMs),
      ...countsOf(bucket),
      p95_ms: bucket?.p95Ms ?? null,
    })),
    endpoints: endpoints.map(({ endpointId, buckets: own }) => ({
      endpoint_id: encodeTypeId('endpoint', endpointId),
      ...sumOf(own),
      buckets: fillBuckets(moments, own, (_, bucket) => countsOf(bucket)),
    })),
  };
}
