import type { Stats } from '@posthorn/http-api/stats';
import { formatCount } from '../show/format-count.ts';
import { formatSpan } from '../show/format-time.ts';
import type { Zone } from '../show/use-zone.ts';
import { formatBucket } from './format-bucket.ts';

/** A bucket in words, for those who do not see the chart. */
export function describeBucket(
  { at, succeeded, failed, p95_ms: p95 }: Stats['buckets'][number],
  { bucket_seconds: seconds, range }: Pick<Stats, 'bucket_seconds' | 'range'>,
  zone: Zone,
): string {
  const when = formatBucket(at, seconds, range, zone);
  if (succeeded + failed === 0) return `${when}: no attempts`;
  const latency = p95 === null ? '' : `, latency p95 ${formatSpan(p95)}`;
  return `${when}: ${formatCount(succeeded)} succeeded, ${formatCount(failed)} failed${latency}`;
}
