import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { endpointsQuery } from '../api/endpoints.ts';
import { deleteEventType } from '../api/event-types.ts';

interface Dialog {
  readonly opened: boolean;
  readonly name: string;
  readonly onClose: () => void;
}

/** Asks before one of the tenant's own types is deleted, and says which endpoints want it. */
export function DeleteEventType({ opened, name, onClose }: Dialog) {
  const queryClient = useQueryClient();
  const endpoints = useQuery({ ...endpointsQuery, enabled: opened });
  const deleting = useMutation({
    meta: { silent: true },
    mutationFn: deleteEventType,
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['event-types'] });
      notifications.show({ color: 'green', message: `${name} was deleted.` });
      onClose();
    },
  });
  const wanting = (endpoints.data?.rows ?? []).filter(({ events }) => events.includes(name)).length;
  return (
    <Modal opened={opened} onClose={onClose} title="Delete event type" onExitTransitionEnd={deleting.reset}>
      <Stack>
        <Text size="sm">
          Events of <code style={{ overflowWrap: 'anywhere' }}>{name}</code> can no longer be posted. Its events and
          deliveries stay on record.
        </Text>
        {wanting > 0 && (
          <Alert color="yellow">
            {wanting === 1 ? '1 endpoint subscribes' : `${wanting} endpoints subscribe`} to it and will get no more of
            it.
          </Alert>
        )}
        {deleting.error && (
          <Alert color="red" role="alert" title="It was not deleted">
            {deleting.error.message}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Keep it
          </Button>
          <Button color="red.8" loading={deleting.isPending} onClick={() => deleting.mutate(name)}>
            Delete
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
