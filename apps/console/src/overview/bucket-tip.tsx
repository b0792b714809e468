import { Text } from '@mantine/core';
import type { Stats } from '@posthorn/http-api/stats';
import { formatSpan } from '../show/format-time.ts';
import { useZone } from '../show/use-zone.ts';
import { countFates } from './count-fates.ts';
import { describeFates } from './describe-fates.ts';
import { formatBucket } from './format-bucket.ts';
import styles from './overview.module.css';

/** What the active bucket holds, above it; at the edges it stays inside the chart. */
export function BucketTip({ stats, active }: { readonly stats: Stats; readonly active: number | null }) {
  const [zone] = useZone();
  const { buckets, bucket_seconds: seconds, range } = stats;
  const bucket = active === null ? undefined : buckets[active];
  if (active === null || !bucket) return null;
  const share = ((active + 0.5) / buckets.length) * 100;
  return (
    <div className={styles.tip} style={{ left: `${share}%`, transform: `translate(-${share}%, -4px)` }} aria-hidden>
      <Text size="xs" fw={600}>
        {formatBucket(bucket.at, seconds, range, zone)}
      </Text>
      <Text size="xs">{describeFates(countFates(bucket.deliveries))}</Text>
      {bucket.p95_ms !== null && <Text size="xs">Latency p95 {formatSpan(bucket.p95_ms)}</Text>}
    </div>
  );
}
