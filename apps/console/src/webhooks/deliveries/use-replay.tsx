import { Anchor, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type DeliveryStatus, isOpen } from '@posthorn/domain/delivery/delivery-status';
import type { Delivery } from '@posthorn/http-api/delivery';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { useContext, useState } from 'react';
import { replayDelivery } from '../../api/deliveries.ts';
import { useMay } from '../../shell/use-session.ts';
import { readDeliveryFilter } from './delivery-filter.ts';
import { ReplayedContext } from './replayed-context.ts';
import { useNoReplay } from './use-no-replay.tsx';

type Replayable = Pick<Delivery, 'id' | 'status'>;

/** Why somebody may not want to replay a delivery; `null` where there is nothing to say against it. */
function doubtOf(status: DeliveryStatus): string | null {
  if (status === 'succeeded') return 'The receiver has this event already and gets it once more, as a new delivery.';
  if (isOpen(status))
    return 'It is still being tried. A replay goes out at once, besides it: the receiver may get the event twice.';
  return null;
}

/**
 * Replays one delivery: `now`, or `ask` first where its receiver may get the event twice by that; `ask` says why where
 * nothing can be sent to its endpoint.
 *
 * @param onReplayed told of the new delivery
 */
export function useReplay(onReplayed: (made: Delivery) => void) {
  const [asked, setAsked] = useState<Replayable | null>(null);
  const replayed = useContext(ReplayedContext);
  const mayWrite = useMay('webhooks:write');
  const navigate = useNavigate();
  const router = useRouter();
  const queryClient = useQueryClient();
  const isRefused = useNoReplay();
  const mutation = useMutation({
    mutationFn: replayDelivery,
    onSuccess(made, id) {
      replayed.note(id);
      onReplayed(made);
      const { href } = router.buildLocation({
        to: '/webhooks/deliveries/$deliveryId',
        params: { deliveryId: made.id },
        search: readDeliveryFilter,
      });
      const open = (event: React.MouseEvent): void => {
        event.preventDefault();
        notifications.hide(made.id);
        void navigate({ href });
      };
      notifications.show({
        id: made.id,
        title: 'Replayed',
        message: (
          <Anchor href={href} size="sm" onClick={open}>
            Open the new delivery
          </Anchor>
        ),
      });
      return queryClient.invalidateQueries({ queryKey: ['stats'] });
    },
  });
  const now = ({ id }: Replayable): void => {
    if (mayWrite && !mutation.isPending) mutation.mutate(id);
  };
  /** For a key, which is pressed sooner than a button, and where none is disabled. */
  const ask = (delivery: Replayable, endpoint: Endpoint | null | undefined): void => {
    if (mayWrite && isRefused(endpoint)) return;
    if (doubtOf(delivery.status) !== null && mayWrite) setAsked(delivery);
    else now(delivery);
  };
  const close = (): void => setAsked(null);
  const confirm = (): void => {
    if (asked) now(asked);
    close();
  };
  const dialog = (
    <Modal opened={asked !== null} onClose={close} title="Replay this delivery?" zIndex={300}>
      <Stack>
        <Text size="sm">{asked && doubtOf(asked.status)}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Keep it
          </Button>
          <Button data-autofocus onClick={confirm}>
            Send it again
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
  return { now, ask, dialog, isPending: mutation.isPending };
}
