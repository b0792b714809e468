import { Anchor, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { latestDeliveriesQuery } from '../../api/endpoints.ts';
import { ForeignText } from '../../show/foreign-text.tsx';
import { ListFailed, ListLoading } from '../../show/list-states.tsx';
import { StatusBadge } from '../../show/status-badge.tsx';
import { Time } from '../../show/time.tsx';
import { Section } from './section.tsx';

const REASON_WIDTH = 320;

function Rows({ endpointId }: { readonly endpointId: string }) {
  const deliveries = useQuery(latestDeliveriesQuery(endpointId));
  if (deliveries.isPending) return <ListLoading />;
  if (!deliveries.data) return <ListFailed error={deliveries.error} onRetry={() => void deliveries.refetch()} />;
  const rows = deliveries.data.data;
  if (rows.length === 0) {
    return <Text size="sm">Nothing was sent to it yet. A test event shows whether it answers.</Text>;
  }
  return (
    <Table.ScrollContainer
      minWidth={560}
      scrollAreaProps={{
        viewportProps: { tabIndex: 0, role: 'region', 'aria-label': 'Table of the latest deliveries' },
      }}
    >
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Status</Table.Th>
            <Table.Th>Type</Table.Th>
            <Table.Th>Attempts</Table.Th>
            <Table.Th>Last error</Table.Th>
            <Table.Th>Made</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ id, status, type, attempts, last_error, created_at }) => (
            <Table.Tr key={id}>
              <Table.Td>
                <StatusBadge status={status} />
              </Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                <Anchor
                  size="sm"
                  underline="always"
                  renderRoot={(props) => (
                    <Link {...props} to="/webhooks/deliveries/$deliveryId" params={{ deliveryId: id }} />
                  )}
                >
                  <ForeignText text={type} />
                </Anchor>
              </Table.Td>
              <Table.Td>{attempts}</Table.Td>
              <Table.Td maw={REASON_WIDTH}>
                <Text size="sm" dir="auto" lineClamp={2} style={{ overflowWrap: 'anywhere' }}>
                  <ForeignText text={last_error ?? ''} />
                </Text>
              </Table.Td>
              <Table.Td>
                <Time at={created_at} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** What was sent to an endpoint last. */
export const LatestDeliveries = ({ endpointId }: { readonly endpointId: string }) => (
  <Section
    title="Latest deliveries"
    side={
      <Anchor
        size="sm"
        underline="always"
        renderRoot={(props) => <Link {...props} to="/webhooks" search={{ endpoint_id: endpointId }} />}
      >
        All deliveries of this endpoint
      </Anchor>
    }
  >
    <Stack>
      <Rows endpointId={endpointId} />
    </Stack>
  </Section>
);
