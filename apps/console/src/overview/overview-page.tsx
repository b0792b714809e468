import { SegmentedControl, SimpleGrid, Skeleton, Stack, VisuallyHidden } from '@mantine/core';
import type { StatsRange } from '@posthorn/http-api/stats';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { endpointsQuery } from '../api/endpoints.ts';
import { ledgerQuery } from '../api/ledger.ts';
import { statsQuery } from '../api/stats.ts';
import { ListFailed } from '../show/list-states.tsx';
import { PageHead } from '../show/page-head.tsx';
import { buildFigures } from './build-figures.ts';
import { decideFirstSteps, isDone } from './decide-first-steps.ts';
import { DeliveriesChart } from './deliveries-chart.tsx';
import { FigureCard } from './figure-card.tsx';
import { FirstSteps } from './first-steps.tsx';
import { DEFAULT_RANGE, ranges } from './overview-search.ts';
import { StatusCounts } from './status-counts.tsx';
import { useProgress } from './use-progress.ts';
import { WorstEndpoints } from './worst-endpoints.tsx';

const REFRESH_MS = 10_000;
const FIGURES = 6;

/** How deliveries fare, and what needs a look. */
export function OverviewPage() {
  const { range = DEFAULT_RANGE } = useSearch({ from: '/signed-in/' });
  const { progress, newestEndpointId, error, retry } = useProgress();
  const steps = progress && decideFirstSteps(progress);
  return (
    <>
      <PageHead title="Overview">
        <RangeSwitch range={range} />
      </PageHead>
      {error ? (
        <ListFailed error={error} onRetry={retry} />
      ) : steps ? (
        <Stack>
          {!isDone(steps) && <FirstSteps steps={steps} endpointId={newestEndpointId} />}
          {progress.deliveries > 0 && <Figures range={range} />}
        </Stack>
      ) : (
        <OverviewLoading />
      )}
    </>
  );
}

function RangeSwitch({ range }: { readonly range: StatsRange }) {
  const navigate = useNavigate();
  return (
    <SegmentedControl
      aria-label="How far back"
      size="xs"
      data={[...ranges]}
      value={range}
      onChange={(value) =>
        void navigate({
          to: '/',
          search: value === DEFAULT_RANGE ? {} : { range: value },
          replace: true,
          resetScroll: false,
        })
      }
    />
  );
}

/** Stays as it is while newer figures are read, so that nothing jumps. */
function Figures({ range }: { readonly range: StatsRange }) {
  const stats = useQuery({ ...statsQuery(range), refetchInterval: REFRESH_MS, placeholderData: keepPreviousData });
  const { data: ledger } = useQuery(ledgerQuery);
  const { data: endpoints } = useQuery(endpointsQuery);
  if (stats.error && !stats.data) return <ListFailed error={stats.error} onRetry={() => void stats.refetch()} />;
  if (!stats.data || !ledger) return <OverviewLoading />;
  return (
    <Stack aria-busy={stats.isPlaceholderData}>
      <section>
        <VisuallyHidden>
          <h2>Figures</h2>
        </VisuallyHidden>
        <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="sm">
          {buildFigures(stats.data).map((figure) => (
            <FigureCard key={figure.label} {...figure} />
          ))}
        </SimpleGrid>
      </section>
      <StatusCounts ledger={ledger} />
      <DeliveriesChart stats={stats.data} />
      <WorstEndpoints stats={stats.data} endpoints={endpoints?.rows ?? []} />
    </Stack>
  );
}

/** As high as what it stands for. */
function OverviewLoading() {
  return (
    <Stack aria-busy="true" aria-label="Loading">
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="sm">
        {Array.from({ length: FIGURES }, (_, index) => (
          <Skeleton key={index} height={170} />
        ))}
      </SimpleGrid>
      <Skeleton height={68} />
      <Skeleton height={380} />
      <Skeleton height={260} />
    </Stack>
  );
}
