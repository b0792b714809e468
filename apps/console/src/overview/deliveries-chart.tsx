import { Button, Group, Paper, Text, Title } from '@mantine/core';
import { useDisclosure, useElementSize } from '@mantine/hooks';
import type { Stats } from '@posthorn/http-api/stats';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useId } from 'react';
import { formatSpan } from '../show/format-time.ts';
import { useZone } from '../show/use-zone.ts';
import { BarPlot } from './bar-plot.tsx';
import { BucketTable } from './bucket-table.tsx';
import { BucketTip } from './bucket-tip.tsx';
import { fateNames, fates } from './count-fates.ts';
import { describeBucket } from './describe-bucket.ts';
import { formatTick, spanOfBucket } from './format-bucket.ts';
import { LatencyPlot } from './latency-plot.tsx';
import styles from './overview.module.css';
import { useActiveBucket } from './use-active-bucket.ts';

/** What became of the deliveries made over time, and how long answers took; each bucket leads to its deliveries. */
export function DeliveriesChart({ stats }: { readonly stats: Stats }) {
  const { buckets, bucket_seconds: seconds, range } = stats;
  const { ref, width } = useElementSize();
  const [zone] = useZone();
  const [asTable, table] = useDisclosure(false);
  const navigate = useNavigate();
  const hintId = useId();
  const { active, current, handlers } = useActiveBucket(buckets.length, (index) => {
    const bucket = buckets[index];
    if (bucket) void navigate({ to: '/webhooks', search: spanOfBucket(bucket.at, seconds) });
  });
  const [first, middle, last] = [buckets[0], buckets[Math.floor(buckets.length / 2)], buckets.at(-1)];
  const chosen = buckets[current];
  return (
    <Paper withBorder p="md" component="section">
      <Group justify="space-between" mb="md" gap="xs">
        <Title order={2} size="h5">
          Deliveries over time
        </Title>
        <Legend />
      </Group>
      <div
        ref={ref}
        className={styles.plot}
        role="slider"
        tabIndex={0}
        aria-label="Deliveries over time"
        aria-orientation="horizontal"
        aria-valuemin={1}
        aria-valuemax={buckets.length}
        aria-valuenow={current + 1}
        aria-valuetext={chosen && describeBucket(chosen, stats, zone)}
        aria-describedby={hintId}
        {...handlers}
      >
        <BarPlot buckets={buckets} width={width} active={active} />
        <LatencyPlot buckets={buckets} width={width} active={active} />
        <BucketTip stats={stats} active={active} />
      </div>
      <Group justify="space-between" mt={4} wrap="nowrap" aria-hidden>
        {[first, middle, last].map(
          (bucket) =>
            bucket && (
              <Text key={bucket.at} size="xs" c="dimmed">
                {formatTick(bucket.at, range, zone)}
              </Text>
            ),
        )}
      </Group>
      <Group justify="space-between" mt="xs" gap="xs">
        <Text size="xs" c="dimmed" id={hintId}>
          A bar is {formatSpan(seconds * 1_000).replace(/ 0 (s|min)$/, '')}. Choose one with the arrow keys, Enter opens
          its deliveries.
        </Text>
        <Button variant="default" size="compact-xs" aria-expanded={asTable} onClick={table.toggle}>
          {asTable ? 'Hide the table' : 'Show as a table'}
        </Button>
      </Group>
      {asTable && <BucketTable stats={stats} />}
    </Paper>
  );
}

function Legend() {
  return (
    <Group gap="md">
      {fates.map((fate) => (
        <Swatch key={fate} name={fateNames[fate]}>
          <rect width={12} height={12} rx={2} className={styles[fate]} />
          {fate === 'failed' && <path d="M-2 8L8 -2M4 14L14 4" className={styles.hatch} />}
        </Swatch>
      ))}
      <Swatch name="latency p95 of attempts">
        <path d="M1 6H11" className={styles.latency} />
      </Swatch>
    </Group>
  );
}

function Swatch({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <Group gap={6} wrap="nowrap">
      <svg className={styles.swatch} aria-hidden>
        {children}
      </svg>
      <Text size="xs">{name}</Text>
    </Group>
  );
}
