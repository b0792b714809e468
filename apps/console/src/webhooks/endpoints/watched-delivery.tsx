import { Alert, Anchor, Group, Loader, Stack, Text } from '@mantine/core';
import { isOpen } from '@posthorn/domain/delivery/delivery-status';
import type { Delivery } from '@posthorn/http-api/delivery';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { deliveriesOfEventQuery } from '../../api/endpoints.ts';
import { ForeignText } from '../../show/foreign-text.tsx';
import { StatusBadge } from '../../show/status-badge.tsx';
import { Time } from '../../show/time.tsx';
import { refreshEndpoint } from './refresh-endpoint.ts';

const WATCH_MS = 700;
const RETRY_WATCH_MS = 3_000;

function intervalOf(delivery: Delivery | undefined): number | false {
  if (!delivery || delivery.status === 'pending') return WATCH_MS;
  return isOpen(delivery.status) ? RETRY_WATCH_MS : false;
}

function WhatHappened({ delivery }: { readonly delivery: Delivery }) {
  const { status, attempts, last_error, last_response_status, next_retry_at } = delivery;
  if (status === 'pending') return <Text size="sm">Waiting for an answer…</Text>;
  if (status === 'succeeded') return <Text size="sm">It arrived, and was answered with {last_response_status}.</Text>;
  return (
    <Stack gap={2}>
      <Text size="sm" dir="auto" style={{ overflowWrap: 'anywhere' }}>
        <ForeignText text={last_error ?? 'It was not delivered.'} />
      </Text>
      {next_retry_at !== null && (
        <Text size="sm">
          Attempt {attempts + 1} is due <Time at={next_retry_at} />.
        </Text>
      )}
    </Stack>
  );
}

/**
 * What becomes of a test, until it is final.
 *
 * @param staysHere its link opens another tab, since what stands around it cannot be seen again
 */
export function WatchedDelivery({
  eventId,
  endpointId,
  staysHere = false,
}: {
  readonly eventId: string;
  readonly endpointId: string;
  readonly staysHere?: boolean;
}) {
  const queryClient = useQueryClient();
  const { data, error } = useQuery({
    ...deliveriesOfEventQuery(eventId, endpointId),
    refetchInterval: ({ state }) => intervalOf(state.data?.data[0]),
  });
  const delivery = data?.data[0];
  const status = delivery?.status;
  useEffect(() => {
    if (status !== undefined) refreshEndpoint(queryClient, endpointId);
  }, [queryClient, status, endpointId]);
  if (error) return <Alert color="red">{error.message}</Alert>;
  return (
    <Group gap="sm" align="flex-start" role="status" mih={56}>
      {delivery ? <StatusBadge status={delivery.status} /> : <Loader size="xs" />}
      <Stack gap={2} flex={1} miw={180}>
        {delivery ? <WhatHappened delivery={delivery} /> : <Text size="sm">On its way…</Text>}
        {delivery && (
          <Anchor
            size="sm"
            underline="always"
            renderRoot={(props) => (
              <Link
                {...props}
                to="/webhooks/deliveries/$deliveryId"
                params={{ deliveryId: delivery.id }}
                {...(staysHere && { target: '_blank' })}
              />
            )}
          >
            Open it, with request and answer
          </Anchor>
        )}
      </Stack>
    </Group>
  );
}
