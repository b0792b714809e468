import { ActionIcon, Group, Table, Text } from '@mantine/core';
import type { Delivery } from '@posthorn/http-api/delivery';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Copier } from '../../show/copier.tsx';
import { ForeignText } from '../../show/foreign-text.tsx';
import { spellInvisible } from '../../show/mark-invisible.ts';
import { StatusBadge } from '../../show/status-badge.tsx';
import { ExactTime, Time } from '../../show/time.tsx';
import { readDeliveryFilter } from './delivery-filter.ts';
import { explainChoice } from './explain-choice.ts';
import { nameEndpoint } from './name-endpoint.ts';

interface Facts {
  readonly delivery: Delivery;
  /** null: deleted since; undefined: not known yet. */
  readonly endpoint: Endpoint | null | undefined;
}

/** What a delivery is, from what, to where. */
export function DeliveryFacts({ delivery, endpoint }: Facts) {
  const { id, status, event_id, endpoint_id, type, jobId, ordering_key, created_at, completed_at, replay_of } =
    delivery;
  return (
    <Table layout="fixed" withRowBorders={false} verticalSpacing={4} horizontalSpacing={0}>
      <Table.Tbody>
        <Fact name="Status">
          <StatusBadge status={status} />
        </Fact>
        <Fact name="Delivery">
          <Id text={id} />
        </Fact>
        <Fact name="Event">
          <Id text={event_id}>
            <Link to="/events/$eventId" params={{ eventId: event_id }}>
              {event_id}
            </Link>
          </Id>
        </Fact>
        <Fact name="Endpoint">
          <Id text={endpoint_id}>
            <Link to="/webhooks/endpoints/$endpointId" params={{ endpointId: endpoint_id }}>
              <ForeignText text={endpoint ? nameEndpoint(endpoint) : endpoint_id} />
            </Link>
          </Id>
          {endpoint && (
            <Text size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
              POST <ForeignText text={endpoint.url} />
            </Text>
          )}
        </Fact>
        <Fact name="Type">
          <ForeignText text={type} />
        </Fact>
        <Fact name="jobId">{jobId === null ? '–' : <Id text={jobId} />}</Fact>
        {ordering_key !== null && (
          <Fact name="Ordering key">
            <Id text={ordering_key} />
          </Fact>
        )}
        <Fact name="Created">
          <Moment at={created_at} />
        </Fact>
        {completed_at !== null && (
          <Fact name="Completed">
            <Moment at={completed_at} />
          </Fact>
        )}
        {replay_of !== null && (
          <Fact name="Replay of">
            <Id text={replay_of}>
              <Link
                to="/webhooks/deliveries/$deliveryId"
                params={{ deliveryId: replay_of }}
                search={readDeliveryFilter}
              >
                {replay_of}
              </Link>
            </Id>
          </Fact>
        )}
        {endpoint !== undefined && (
          <Fact name="Why">
            <ForeignText text={explainChoice(delivery, endpoint)} />
          </Fact>
        )}
      </Table.Tbody>
    </Table>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" w={100} style={{ verticalAlign: 'top' }}>
        {name}
      </Table.Th>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>{children}</Table.Td>
    </Table.Tr>
  );
}

function Moment({ at }: { readonly at: string }) {
  return (
    <Group gap="xs">
      <ExactTime at={at} />
      <Time at={at} />
    </Group>
  );
}

/** @param children what is shown in place of the text, such as a link */
function Id({ text, children }: { readonly text: string; readonly children?: ReactNode }) {
  return (
    <Group gap={4} wrap="nowrap">
      <Text size="sm" span style={{ overflowWrap: 'anywhere' }}>
        {children ?? <ForeignText text={text} />}
      </Text>
      <Copier value={text}>
        {({ copied, copy }) => (
          <ActionIcon
            variant="subtle"
            size="sm"
            color="gray"
            aria-label={copied ? 'Copied' : `Copy ${spellInvisible(text)}`}
            onClick={copy}
          >
            {copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
          </ActionIcon>
        )}
      </Copier>
    </Group>
  );
}
