import { type DeliveryStatus, deliveryStatuses } from '@posthorn/domain/delivery/delivery-status';
import { encodeTypeId } from '@posthorn/domain/type-id';
import { type Stats, type StatsRange, statsRanges } from '@posthorn/http-api/stats';
import type { CountedBucket, MadeDeliveries, OutcomeCounts, StatsFigures } from '@posthorn/store/operator/read-stats';

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

/** Every status, those that none has too. */
function byStatus(made: readonly MadeDeliveries[]): Record<DeliveryStatus, number> {
  const counts = Object.fromEntries(deliveryStatuses.map((status) => [status, 0])) as Record<DeliveryStatus, number>;
  for (const { status, count } of made) counts[status] += count;
  return counts;
}

/** Statistics as the API shows them: every bucket, those without attempts too. */
export function showStats(range: StatsRange, figures: StatsFigures): Stats {
  const { bucketSeconds, bucketCount } = statsRanges[range];
  const { nowMs, sinceMs, buckets, endpoints, made, overdue } = figures;
  const moments = Array.from({ length: bucketCount }, (_, index) => sinceMs + index * bucketSeconds * MS_PER_SECOND);
  const sum = sumOf(buckets);
  const total = sum.succeeded + sum.failed;
  return {
    range,
    from: iso(sinceMs),
    to: iso(nowMs),
    bucket_seconds: bucketSeconds,
    deliveries: { total: made.reduce((all, { count }) => all + count, 0), by_status: byStatus(made) },
    attempts: { total, ...sum },
    success_rate: total === 0 ? null : sum.succeeded / total,
    latency_ms: { p50: figures.p50Ms, p95: figures.p95Ms },
    overdue: { count: overdue.count, capped: overdue.capped, oldest_due_ms: rounded(overdue.oldestMs) },
    buckets: fillBuckets(moments, buckets, (atMs, bucket) => ({
      at: iso(atMs),
      ...countsOf(bucket),
      p95_ms: bucket?.p95Ms ?? null,
      deliveries: byStatus(made.filter((each) => each.atMs === atMs)),
    })),
    endpoints: endpoints.map(({ endpointId, buckets: own }) => ({
      endpoint_id: encodeTypeId('endpoint', endpointId),
      ...sumOf(own),
      buckets: fillBuckets(moments, own, (_, bucket) => countsOf(bucket)),
    })),
  };
}
