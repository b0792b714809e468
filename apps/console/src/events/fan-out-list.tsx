import { Anchor, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { formatCount } from '../show/format-count.ts';
import styles from './event-page.module.css';
import type { FanOutLine } from './explain-fan-out.ts';
import { FanOutBadge } from './fan-out-badge.tsx';

const FIRST_LINES = 50;

/** A card for each endpoint: whether it got the event, and why. */
export function FanOutList({ lines }: { readonly lines: readonly FanOutLine[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? lines : lines.slice(0, FIRST_LINES);
  return (
    <>
      <Stack gap="xs" component="ul" className={styles['lines']}>
        {shown.map(({ endpointId, url, outcome, sentence, deliveryId }) => (
          <Paper key={endpointId} withBorder p="sm" component="li">
            <Group gap="xs" mb={4}>
              <FanOutBadge outcome={outcome} />
              {url === null ? (
                <Text size="sm">{endpointId} (deleted since)</Text>
              ) : (
                <Anchor
                  size="sm"
                  className={styles['url']}
                  renderRoot={(props) => (
                    <Link to="/webhooks/endpoints/$endpointId" params={{ endpointId }} {...props} />
                  )}
                >
                  {url}
                </Anchor>
              )}
            </Group>
            <Text size="sm" className={styles['url']}>
              {sentence}{' '}
              {deliveryId !== null && (
                <Anchor
                  size="sm"
                  underline="always"
                  renderRoot={(props) => (
                    <Link to="/webhooks/deliveries/$deliveryId" params={{ deliveryId }} {...props} />
                  )}
                >
                  Open the delivery
                </Anchor>
              )}
            </Text>
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
