import { Button, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { SubmitEvent } from 'react';
import { updateEndpoint } from '../../api/endpoints.ts';
import { Dialog } from './dialog.tsx';
import { FormEnd } from './form-end.tsx';
import { useEndpointChange } from './use-endpoint-change.ts';

function Enable({ endpoint }: { readonly endpoint: Endpoint }) {
  const onChanged = useEndpointChange(endpoint.id);
  const enabling = useMutation({
    mutationFn: () => updateEndpoint(endpoint.id, { status: 'enabled' }),
    onSuccess: (changed) => {
      onChanged(changed);
      notifications.show({
        color: 'green',
        title: 'It is enabled',
        message: 'New events are sent again. What it missed is not sent by itself: use Recover for that.',
      });
    },
  });
  return (
    <Button
      leftSection={<IconPlayerPlay size={16} aria-hidden />}
      loading={enabling.isPending}
      onClick={() => enabling.mutate()}
    >
      Enable
    </Button>
  );
}

function DisableForm({ endpoint, onClose }: { readonly endpoint: Endpoint; readonly onClose: () => void }) {
  const onChanged = useEndpointChange(endpoint.id);
  const disabling = useMutation({
    meta: { silent: true },
    mutationFn: () => updateEndpoint(endpoint.id, { status: 'disabled' }),
    onSuccess: (changed) => {
      onChanged(changed);
      onClose();
    },
  });
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    disabling.mutate();
  };
  return (
    <form onSubmit={onSubmit}>
      <Stack gap="sm">
        <Text size="sm">
          Deliveries that wait become <b>cancelled</b>, and events that come meanwhile are <b>skipped</b> for it. Both
          stay on record: once it is enabled again, Recover sends them.
        </Text>
        <Text size="sm">A request that is under way is not stopped.</Text>
      </Stack>
      <FormEnd
        errors={disabling.error ? [disabling.error.message] : []}
        label="Disable"
        isDangerous
        isPending={disabling.isPending}
        onCancel={onClose}
      />
    </form>
  );
}

function Disable({ endpoint }: { readonly endpoint: Endpoint }) {
  const [opened, dialog] = useDisclosure(false);
  return (
    <>
      <Button variant="default" leftSection={<IconPlayerStop size={16} aria-hidden />} onClick={dialog.open}>
        Disable
      </Button>
      <Dialog opened={opened} onClose={dialog.close} title="Stop sending to this endpoint?">
        <DisableForm endpoint={endpoint} onClose={dialog.close} />
      </Dialog>
    </>
  );
}

/** The button that is the other way round from what the endpoint is now. */
export const EnableDisable = ({ endpoint }: { readonly endpoint: Endpoint }) =>
  endpoint.status === 'enabled' ? <Disable endpoint={endpoint} /> : <Enable endpoint={endpoint} />;
