import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import { IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type SubmitEvent, useState } from 'react';
import { deleteEndpoint } from '../../api/endpoints.ts';
import { Dialog } from './dialog.tsx';
import { FormEnd } from './form-end.tsx';

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);

function DeleteForm({ endpoint, onClose }: { readonly endpoint: Endpoint; readonly onClose: () => void }) {
  const host = hostOf(endpoint.url);
  const [typed, setTyped] = useState('');
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const deleting = useMutation({
    meta: { silent: true },
    mutationFn: () => deleteEndpoint(endpoint.id),
    onSuccess: async () => {
      onClose();
      await navigate({ to: '/webhooks/endpoints' });
      notifications.show({ color: 'green', title: 'The endpoint is deleted', message: endpoint.url });
      queryClient.removeQueries({ queryKey: ['endpoint', endpoint.id] });
      void queryClient.invalidateQueries({ queryKey: ['endpoints'] });
      void queryClient.invalidateQueries({ queryKey: ['deliveries'] });
    },
  });
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (typed.trim() === host) deleting.mutate();
  };
  return (
    <form onSubmit={onSubmit}>
      <Stack gap="sm">
        <Text size="sm">
          Deliveries that wait become cancelled; those that were made stay on record, but can no longer be recovered. To
          stop for a while, disable it.
        </Text>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          Write <b>{host}</b> to confirm.
        </Text>
        <TextInput
          label="Host of the endpoint"
          data-autofocus
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        />
      </Stack>
      <FormEnd
        errors={deleting.error ? [deleting.error.message] : []}
        label="Delete"
        isDangerous
        isPending={deleting.isPending}
        isDisabled={typed.trim() !== host}
        onCancel={onClose}
      />
    </form>
  );
}

/** Deletes an endpoint, once its host was written out. */
export function DeleteEndpoint({ endpoint }: { readonly endpoint: Endpoint }) {
  const [opened, dialog] = useDisclosure(false);
  return (
    <>
      <Button variant="default" leftSection={<IconTrash size={16} aria-hidden />} onClick={dialog.open}>
        Delete
      </Button>
      <Dialog opened={opened} onClose={dialog.close} title="Delete this endpoint?">
        <DeleteForm endpoint={endpoint} onClose={dialog.close} />
      </Dialog>
    </>
  );
}
