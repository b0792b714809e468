import { Group, Paper, Text, Title } from '@mantine/core';
import { deliveryStatuses } from '@posthorn/domain/delivery/delivery-status';
import type { Ledger } from '@posthorn/http-api/ledger';
import { Link } from '@tanstack/react-router';
import { formatCount } from '../show/format-count.ts';
import { StatusBadge } from '../show/status-badge.tsx';
import styles from './overview.module.css';

/** How many deliveries there are in each status, each a way to its list. */
export function StatusCounts({ ledger }: { readonly ledger: Ledger }) {
  return (
    <section>
      <Title order={2} size="h5" mb="xs">
        Deliveries by status, of all time
      </Title>
      <Group gap="xs">
        {deliveryStatuses.map((status) => (
          <Paper
            key={status}
            withBorder
            px="sm"
            py={6}
            className={styles.card}
            renderRoot={(props) => <Link to="/webhooks" search={{ status }} {...props} />}
          >
            <Group gap="xs" wrap="nowrap">
              <StatusBadge status={status} />
              <Text fw={600} size="sm">
                {formatCount(ledger.by_status[status])}
              </Text>
            </Group>
          </Paper>
        ))}
      </Group>
    </section>
  );
}
