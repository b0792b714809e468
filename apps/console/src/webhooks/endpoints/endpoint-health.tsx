import { SegmentedControl, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import type { Stats, StatsRange } from '@posthorn/http-api/stats';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { latestDeliveriesQuery } from '../../api/endpoints.ts';
import { statsQuery } from '../../api/stats.ts';
import { formatCount, formatShare } from '../../show/format-count.ts';
import { formatSpan } from '../../show/format-time.ts';
import { Time } from '../../show/time.tsx';
import { AttemptsChart } from './attempts-chart.tsx';
import { describeAttempts, describeLast, failureReason, isBehind } from './describe-health.ts';
import { Section } from './section.tsx';

const RANGES = [
  { value: '1h', label: '1 h' },
  { value: '24h', label: '24 h' },
  { value: '7d', label: '7 d' },
];
const CHART_AND_FIGURES = 228;
const NOT_KNOWN = '–';
const REFRESH_MS = 30_000;
const BEHIND_REFRESH_MS = 2_000;

const Figure = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <Stack gap={0}>
    <Text size="sm">{label}</Text>
    <Text fw={600} component="div">
      {children}
    </Text>
  </Stack>
);

const span = (ms: number | null): string => (ms === null ? NOT_KNOWN : formatSpan(ms));

const Figures = ({ stats }: { readonly stats: Stats }) => (
  <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
    <Figure label="Succeeded">{stats.success_rate === null ? NOT_KNOWN : formatShare(stats.success_rate)}</Figure>
    <Figure label={describeAttempts(stats.range)}>
      {formatCount(stats.attempts.total)}, {formatCount(stats.attempts.failed)} failed
    </Figure>
    <Figure label="Answered within (p50)">{span(stats.latency_ms.p50)}</Figure>
    <Figure label="Answered within (p95)">{span(stats.latency_ms.p95)}</Figure>
  </SimpleGrid>
);

/** When something was last; its health may not say so yet. @param counted how often it was in the range of the figures */
const Last = ({
  at,
  counted,
  range,
}: {
  readonly at: string | null;
  readonly counted?: number;
  readonly range: StatsRange;
}) => (at === null ? describeLast(counted, range) : <Time at={at} />);

function Spell({ endpoint, stats }: { readonly endpoint: Endpoint; readonly stats: Stats | undefined }) {
  const { data } = useQuery(latestDeliveriesQuery(endpoint.id));
  const { consecutive_failures: count, first_failure_at, last_failure_at, last_success_at } = endpoint.health;
  const reason = failureReason(data?.data);
  const { attempts, range = '24h' } = stats ?? {};
  return (
    <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
      <Figure label="Failures in a row">
        {formatCount(count)}
        {count > 0 && first_failure_at !== null && (
          <>
            , since <Time at={first_failure_at} />
          </>
        )}
        {count > 0 && <Text size="sm">Since the last success, whatever the range</Text>}
      </Figure>
      <Figure label="Last success">
        <Last at={last_success_at} counted={attempts?.succeeded} range={range} />
      </Figure>
      <Figure label="Last failure">
        <Last at={last_failure_at} counted={attempts?.failed} range={range} />
        {last_failure_at !== null && reason !== null && (
          <Text size="sm" dir="auto" lineClamp={3} style={{ overflowWrap: 'anywhere' }}>
            {reason}
          </Text>
        )}
      </Figure>
    </SimpleGrid>
  );
}

/** How an endpoint fares. */
export function EndpointHealth({ endpoint }: { readonly endpoint: Endpoint }) {
  const [range, setRange] = useState<StatsRange>('24h');
  const stats = useQuery({
    ...statsQuery(range, endpoint.id),
    placeholderData: (before) => before,
    refetchInterval: ({ state }) => (isBehind(state.data, endpoint.health) ? BEHIND_REFRESH_MS : REFRESH_MS),
  });
  return (
    <Section
      title="Health"
      side={
        <SegmentedControl
          size="xs"
          aria-label="Range"
          data={RANGES}
          value={range}
          onChange={(value) => setRange(value as StatsRange)}
        />
      }
    >
      <Stack>
        {stats.isPending && <Skeleton height={CHART_AND_FIGURES} />}
        {stats.error && !stats.data && <Text size="sm">The figures of this time cannot be read now.</Text>}
        {stats.data && (
          <>
            <Figures stats={stats.data} />
            <AttemptsChart stats={stats.data} />
            <Text size="sm" component="div">
              As of <Time at={stats.data.to} />
              {isBehind(stats.data, endpoint.health) && '; later attempts are not counted yet'}
            </Text>
          </>
        )}
        <Spell endpoint={endpoint} stats={stats.data} />
      </Stack>
    </Section>
  );
}
