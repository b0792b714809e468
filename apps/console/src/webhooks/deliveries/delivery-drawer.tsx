import { Alert, Drawer, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { ApiError } from '../../api/client.ts';
import { type DeliveryDetail, deliveryQuery } from '../../api/deliveries.ts';
import { endpointQuery } from '../../api/endpoints.ts';
import { ForeignText } from '../../show/foreign-text.tsx';
import { ListFailed } from '../../show/list-states.tsx';
import { StatusBadge } from '../../show/status-badge.tsx';
import { useListKeys } from '../../show/use-list-keys.ts';
import { AttemptTimeline } from './attempt-timeline.tsx';
import { DeliveryActions } from './delivery-actions.tsx';
import { DeliveryFacts } from './delivery-facts.tsx';
import { readDeliveryFilter } from './delivery-filter.ts';
import { HeldNote } from './held-note.tsx';
import { PayloadView } from './payload-view.tsx';

const isMissing = (error: unknown): boolean => error instanceof ApiError && [400, 404].includes(error.status);

/** One delivery beside the list: what became of it, why, and what can be done. */
export function DeliveryDrawer() {
  const { deliveryId = '' } = useParams({ strict: false });
  const navigate = useNavigate();
  const query = useQuery(deliveryQuery(deliveryId));
  const { data: delivery, error } = query;
  const close = (): void => void navigate({ to: '/webhooks', search: readDeliveryFilter });
  const title = useRef<HTMLDivElement>(null);
  // What had the focus in the delivery before is gone with it.
  useEffect(() => {
    if (document.activeElement === document.body) title.current?.closest<HTMLElement>('[role=dialog]')?.focus();
  }, [deliveryId]);
  // Mantine would close the drawer together with a dialog that stands before it.
  useListKeys({ Escape: close });
  return (
    <Drawer
      opened
      closeOnEscape={false}
      onClose={close}
      position="right"
      size="min(100vw, 760px)"
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ 'aria-label': 'Close' }}
      title={
        <Group gap="xs" ref={title}>
          <Text fw={600} span>
            Delivery
          </Text>
          {delivery && <StatusBadge status={delivery.status} />}
        </Group>
      }
    >
      {query.isPending && <Loading />}
      {error &&
        !delivery &&
        (isMissing(error) ? (
          <Missing id={deliveryId} />
        ) : (
          <ListFailed error={error} onRetry={() => void query.refetch()} />
        ))}
      {delivery && <Opened key={delivery.id} delivery={delivery} />}
    </Drawer>
  );
}

function Opened({ delivery }: { readonly delivery: DeliveryDetail }) {
  const endpoint = useEndpoint(delivery.endpoint_id);
  return (
    <Stack gap="md">
      <DeliveryActions delivery={delivery} endpoint={endpoint} />
      <DeliveryFacts delivery={delivery} endpoint={endpoint} />
      <Part title="Attempts">
        <HeldNote delivery={delivery} endpoint={endpoint} />
        <AttemptTimeline delivery={delivery} />
      </Part>
      <Part title="Payload">
        <PayloadView payload={delivery.payload} />
      </Part>
    </Stack>
  );
}

/** null: deleted since; undefined: not known. */
function useEndpoint(id: string): Endpoint | null | undefined {
  const { data, error } = useQuery(endpointQuery(id));
  return data ?? (isMissing(error) ? null : undefined);
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title}>
      <Title order={3} size="h5" mb="xs">
        {title}
      </Title>
      {children}
    </section>
  );
}

function Loading() {
  return (
    <Stack aria-busy="true" aria-label="Loading">
      <Skeleton height={30} />
      <Skeleton height={220} />
      <Skeleton height={160} />
    </Stack>
  );
}

function Missing({ id }: { readonly id: string }) {
  return (
    <Alert color="red" title="There is no such delivery" role="alert">
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        Nothing is known of <ForeignText text={id} />. It may belong to another tenant, or it was removed after its time
        of keeping.
      </Text>
    </Alert>
  );
}
