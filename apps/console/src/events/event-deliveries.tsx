import { Anchor, ScrollArea, Table, Text } from '@mantine/core';
import type { Delivery } from '@posthorn/http-api/delivery';
import { Link } from '@tanstack/react-router';
import { StatusBadge } from '../show/status-badge.tsx';
import { Time } from '../show/time.tsx';
import styles from './event-page.module.css';

interface Deliveries {
  readonly deliveries: readonly Delivery[];
  /** URLs by endpoint; without those that were deleted. */
  readonly urls: ReadonlyMap<string, string>;
}

/** The deliveries of one event, replays included. */
export function EventDeliveries({ deliveries, urls }: Deliveries) {
  return (
    <ScrollArea viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': 'Deliveries of this event' }}>
      <Table miw={700}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th miw={124}>Status</Table.Th>
            <Table.Th>Endpoint</Table.Th>
            <Table.Th ta="end">Attempts</Table.Th>
            <Table.Th>Last response</Table.Th>
            <Table.Th>Created</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {deliveries.map((delivery) => (
            <Table.Tr key={delivery.id}>
              <Table.Td>
                <StatusBadge status={delivery.status} />
              </Table.Td>
              <Table.Td className={styles['url']} miw={160}>
                <Anchor
                  size="sm"
                  renderRoot={(props) => (
                    <Link to="/webhooks/deliveries/$deliveryId" params={{ deliveryId: delivery.id }} {...props} />
                  )}
                >
                  {urls.get(delivery.endpoint_id) ?? delivery.endpoint_id}
                </Anchor>
                {delivery.replay_of !== null && (
                  <Text size="xs" c="dimmed">
                    replay
                  </Text>
                )}
              </Table.Td>
              <Table.Td ta="end">{delivery.attempts}</Table.Td>
              <Table.Td className={styles['url']} miw={160}>
                {delivery.last_response_status ?? delivery.last_error ?? '–'}
              </Table.Td>
              <Table.Td>
                <Time at={delivery.created_at} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  );
}
