import { Anchor, Button, Group, Paper, Stack, Text } from '@mantine/core';
import type { Delivery } from '@posthorn/http-api/delivery';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { ForeignText } from '../show/foreign-text.tsx';
import { formatCount } from '../show/format-count.ts';
import { StatusBadge } from '../show/status-badge.tsx';
import { Time } from '../show/time.tsx';
import styles from './event-page.module.css';
import type { FanOutLine } from './explain-fan-out.ts';
import { FanOutBadge } from './fan-out-badge.tsx';

const FIRST_LINES = 50;

/** A card for each endpoint: whether it got the event, why, and by which deliveries. */
export function FanOutList({ lines }: { readonly lines: readonly FanOutLine[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? lines : lines.slice(0, FIRST_LINES);
  return (
    <>
      <Stack gap="xs" component="ul" className={styles['lines']}>
        {shown.map((line) => (
          <Paper key={line.endpointId} withBorder p="sm" component="li">
            <Line line={line} />
          </Paper>
        ))}
      </Stack>
      {shown.length < lines.length && (
        <Button variant="default" mt="xs" onClick={() => setAll(true)}>
          Show all {formatCount(lines.length)} endpoints
        </Button>
      )}
    </>
  );
}

function Line({ line: { endpointId, url, outcome, sentence, delivery, others } }: { readonly line: FanOutLine }) {
  return (
    <>
      <Group gap="xs" mb={4}>
        <FanOutBadge outcome={outcome} />
        {url === null ? (
          <Text size="sm">{endpointId} (deleted since)</Text>
        ) : (
          <Anchor
            size="sm"
            className={styles['url']}
            renderRoot={(props) => <Link to="/webhooks/endpoints/$endpointId" params={{ endpointId }} {...props} />}
          >
            <ForeignText text={url} />
          </Anchor>
        )}
      </Group>
      <Text size="sm" className={styles['url']}>
        <ForeignText text={sentence} />{' '}
        {delivery !== null && (
          <>
            <DeliveryAnchor id={delivery.id}>Open the delivery</DeliveryAnchor>, made <Time at={delivery.created_at} />
          </>
        )}
      </Text>
      {others.length > 0 && <Others deliveries={others} />}
    </>
  );
}

/** What else was made for the endpoint. */
function Others({ deliveries }: { readonly deliveries: readonly Delivery[] }) {
  return (
    <Stack gap={4} mt="xs" component="ul" className={styles['lines']} aria-label="Its other deliveries">
      {deliveries.map(({ id, status, attempts, replay_of: replayOf, created_at: at }) => (
        <Group key={id} gap="xs" component="li">
          <StatusBadge status={status} />
          <DeliveryAnchor id={id}>{replayOf === null ? 'The first delivery' : 'A replay'}</DeliveryAnchor>
          <Text size="sm">
            {attempts === 1 ? '1 attempt' : `${attempts} attempts`}, made <Time at={at} />
          </Text>
        </Group>
      ))}
    </Stack>
  );
}

function DeliveryAnchor({ id, children }: { readonly id: string; readonly children: string }) {
  return (
    <Anchor
      size="sm"
      underline="always"
      renderRoot={(props) => <Link to="/webhooks/deliveries/$deliveryId" params={{ deliveryId: id }} {...props} />}
    >
      {children}
    </Anchor>
  );
}
