import { Anchor, Paper, ScrollArea, Table, Text, Title } from '@mantine/core';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import type { Stats } from '@posthorn/http-api/stats';
import { Link } from '@tanstack/react-router';
import { ForeignText } from '../show/foreign-text.tsx';
import { formatCount, formatShare } from '../show/format-count.ts';
import { Sparkline } from '../show/sparkline.tsx';
import { failedOutcomes } from '../webhooks/attempts/attempt-filter.ts';
import styles from './overview.module.css';

const MOST = 5;

interface Worst {
  readonly stats: Stats;
  readonly endpoints: readonly Endpoint[];
}

/** The endpoints with the most failures, what of them failed, and the ways to mend it. */
export function WorstEndpoints({ stats, endpoints }: Worst) {
  const worst = stats.endpoints.filter(({ failed }) => failed > 0).slice(0, MOST);
  const byId = new Map(endpoints.map((endpoint) => [endpoint.id, endpoint]));
  return (
    <Paper withBorder p="md" component="section">
      <Title order={2} size="h5" mb="xs">
        Endpoints with the most failures
      </Title>
      {worst.length === 0 ? (
        <Text size="sm" c="dimmed">
          No attempt failed in this time.
        </Text>
      ) : (
        <ScrollArea viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': 'Endpoints with the most failures' }}>
          <Table verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Endpoint</Table.Th>
                <Table.Th ta="end">Failed of attempts</Table.Th>
                <Table.Th w={160} visibleFrom="sm">
                  Over time
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {worst.map((row) => (
                <WorstRow key={row.endpoint_id} row={row} endpoint={byId.get(row.endpoint_id)} from={stats.from} />
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea>
      )}
    </Paper>
  );
}

interface WorstRowProps {
  readonly row: Stats['endpoints'][number];
  /** Missing when it was deleted since. */
  readonly endpoint: Endpoint | undefined;
  /** From when on attempts were counted. */
  readonly from: string;
}

function WorstRow({ row: { endpoint_id: id, succeeded, failed, buckets }, endpoint, from }: WorstRowProps) {
  const total = succeeded + failed;
  const counts = `${formatCount(failed)} of ${formatCount(total)}`;
  return (
    <Table.Tr>
      <Table.Td className={styles.url}>
        {endpoint ? (
          <Anchor
            size="sm"
            renderRoot={(props) => <Link to="/webhooks/endpoints/$endpointId" params={{ endpointId: id }} {...props} />}
          >
            <ForeignText text={endpoint.url} />
          </Anchor>
        ) : (
          <Text size="sm">{id} (deleted)</Text>
        )}
        {endpoint?.status === 'disabled' && (
          <Text size="xs" c="dimmed">
            disabled
          </Text>
        )}
        <Anchor
          size="xs"
          display="block"
          w="fit-content"
          mt={4}
          renderRoot={(props) => (
            <Link
              to="/webhooks/attempts"
              search={{ endpoint_id: id, outcome: failedOutcomes, started_after: from }}
              {...props}
            />
          )}
        >
          Failed attempts
        </Anchor>
      </Table.Td>
      <Table.Td ta="end">
        <Text inherit span className={styles.whole}>
          {counts}
        </Text>{' '}
        <Text inherit span className={styles.whole}>
          ({formatShare(failed / total)})
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Sparkline buckets={buckets} label={`${counts} attempts failed`} height={28} />
      </Table.Td>
    </Table.Tr>
  );
}
