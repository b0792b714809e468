import type { Stats } from '@posthorn/http-api/stats';
import { formatSpan } from '../show/format-time.ts';
import type { Zone } from '../show/use-zone.ts';
import { countFates } from './count-fates.ts';
import { describeFates } from './describe-fates.ts';
import { formatBucket } from './format-bucket.ts';

/** A bucket in words, for those who do not see the chart. */
export function describeBucket(
  { at, deliveries, p95_ms: p95 }: Stats['buckets'][number],
  { bucket_seconds: seconds, range }: Pick<Stats, 'bucket_seconds' | 'range'>,
  zone: Zone,
): string {
  const when = formatBucket(at, seconds, range, zone);
  const latency = p95 === null ? '' : `, latency p95 ${formatSpan(p95)}`;
  return `${when}: ${describeFates(countFates(deliveries))}${latency}`;
}
