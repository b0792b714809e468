import { Alert, Anchor, NativeSelect, Stack, Table, Text, Title } from '@mantine/core';
import type { Usage } from '@posthorn/http-api/usage';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { usageQuery } from '../api/settings.ts';
import { useMay } from '../shell/use-session.ts';
import { formatCount } from '../show/format-count.ts';
import { ListFailed, ListLoading } from '../show/list-states.tsx';
import { ExactTime, Time } from '../show/time.tsx';
import { monthRange } from './month-range.ts';
import { NeedsScope } from './needs-scope.tsx';
import { QuotaBar } from './quota-bar.tsx';
import { quotaState } from './quota-state.ts';

const kindWords: Readonly<Record<Usage['data'][number]['kind'], string>> = {
  connect: 'Connections that were begun',
  active_domain: 'Domains that went live',
  cert: 'Certificates that went live',
  api_call: 'Accepted calls that emitted events',
};
const spans = { month: 0, before: 1, all: null } as const;
type Span = keyof typeof spans;

const rangeOf = (span: Span): { since?: string; until?: string } =>
  spans[span] === null ? {} : monthRange(Date.now(), spans[span]);

/** What the tenant has used, and of which quotas. */
export function UsagePanel() {
  return useMay('usage:read') ? <UsageOfTenant /> : <NeedsScope scope="usage:read" what="usage" />;
}

/** Where there is more to be had. */
function More({ url }: { readonly url: string | null }) {
  if (url === null) return 'Ask the operator for more.';
  return (
    <Anchor href={url} inherit underline="always">
      Get more
    </Anchor>
  );
}

function Quotas({ quotas, upgrade_url: upgradeUrl }: Pick<Usage, 'quotas' | 'upgrade_url'>) {
  const { endpoints, events_per_month: events } = quotas;
  const levels = new Set(
    [endpoints, events].map(({ used, limit }) =>
      limit === null || used === null ? 'ok' : quotaState(used, limit).level,
    ),
  );
  return (
    <Stack component="section" gap="sm" maw={560}>
      <Title order={2} size="h4">
        Quotas
      </Title>
      {levels.has('reached') ? (
        <Alert color="red" role="note" icon={<IconAlertTriangle aria-hidden />} title="A quota is reached">
          What goes beyond it is refused with 402 QuotaExceeded. <More url={upgradeUrl} />
        </Alert>
      ) : (
        levels.has('near') && (
          <Alert color="yellow" role="note" icon={<IconAlertTriangle aria-hidden />} title="A quota is nearly used up">
            Once it is reached, what goes beyond it is refused with 402 QuotaExceeded. <More url={upgradeUrl} />
          </Alert>
        )
      )}
      <QuotaBar label="Endpoints" used={endpoints.used} limit={endpoints.limit} />
      <QuotaBar label="Events this month (UTC)" used={events.used} limit={events.limit}>
        {events.limit !== null && (
          <Text size="sm">
            Begins anew <Time at={events.resets_at} />, on <ExactTime at={events.resets_at} />
          </Text>
        )}
      </QuotaBar>
    </Stack>
  );
}

function Counts({ data }: Pick<Usage, 'data'>) {
  return (
    <Table maw={560} withTableBorder>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">What</Table.Th>
          <Table.Th scope="col" ta="right">
            Count
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {data.map(({ kind, count }) => (
          <Table.Tr key={kind}>
            <Table.Td>
              {kindWords[kind]} (<code>{kind}</code>)
            </Table.Td>
            <Table.Td ta="right">{formatCount(count)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function UsageOfTenant() {
  const [span, setSpan] = useState<Span>('month');
  const usage = useQuery(usageQuery(rangeOf(span)));
  if (usage.isPending) return <ListLoading />;
  if (usage.error) return <ListFailed error={usage.error} onRetry={() => void usage.refetch()} />;
  return (
    <Stack gap="lg">
      <Quotas quotas={usage.data.quotas} upgrade_url={usage.data.upgrade_url} />
      <Stack component="section" gap="sm">
        <Title order={2} size="h4">
          Metered
        </Title>
        <NativeSelect
          label="Span"
          w={220}
          value={span}
          onChange={(event) => setSpan(event.currentTarget.value as Span)}
          data={[
            { value: 'month', label: 'This month (UTC)' },
            { value: 'before', label: 'Last month (UTC)' },
            { value: 'all', label: 'Since the beginning' },
          ]}
        />
        <Counts data={usage.data.data} />
      </Stack>
    </Stack>
  );
}
