import { Group, Text } from '@mantine/core';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import { IconHourglass } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { DeliveryDetail } from '../../api/deliveries.ts';
import { readDeliveryFilter } from './delivery-filter.ts';
import { explainHold } from './explain-hold.ts';

interface Held {
  readonly delivery: Pick<DeliveryDetail, 'held' | 'waits_for'>;
  /** null: deleted since; undefined: not known yet. */
  readonly endpoint: Endpoint | null | undefined;
}

/** Says whom a held delivery waits for, and until when; nothing of any other. */
export function HeldNote({ delivery: { held, waits_for }, endpoint }: Held) {
  if (!held) return null;
  return (
    <Group gap="xs" py={6} wrap="nowrap" align="flex-start">
      <IconHourglass size={16} aria-hidden style={{ flexShrink: 0, marginTop: 2 }} />
      <Text size="sm">
        {waits_for === null ? (
          'Its turn has come; it is about to be sent.'
        ) : (
          <>
            Waits for{' '}
            <Link to="/webhooks/deliveries/$deliveryId" params={{ deliveryId: waits_for }} search={readDeliveryFilter}>
              an earlier delivery
            </Link>{' '}
            with the same ordering key. {explainHold(endpoint?.ordering_skip_after ?? null)}
          </>
        )}
      </Text>
    </Group>
  );
}
