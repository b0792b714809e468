import { Button, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useEffect, useRef } from 'react';
import { updateEndpoint } from '../../api/endpoints.ts';
import { Dialog } from './dialog.tsx';
import { FormEnd } from './form-end.tsx';
import { useEndpointChange } from './use-endpoint-change.ts';

interface Change {
  /** Of the endpoint. */
  readonly id: string;
  readonly onChanged: (changed: Endpoint) => void;
}

function Enable({ id, onChanged }: Change) {
  const enabling = useMutation({
    mutationFn: () => updateEndpoint(id, { status: 'enabled' }),
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

function DisableForm({ id, onChanged, onClose }: Change & { readonly onClose: () => void }) {
  const disabling = useMutation({
    meta: { silent: true },
    mutationFn: () => updateEndpoint(id, { status: 'disabled' }),
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

function Disable(change: Change) {
  const [opened, dialog] = useDisclosure(false);
  return (
    <>
      <Button variant="default" leftSection={<IconPlayerStop size={16} aria-hidden />} onClick={dialog.open}>
        Disable
      </Button>
      <Dialog opened={opened} onClose={dialog.close} title="Stop sending to this endpoint?">
        <DisableForm {...change} onClose={dialog.close} />
      </Dialog>
    </>
  );
}

/** The button that is the other way round from what the endpoint is now. */
export function EnableDisable({ endpoint }: { readonly endpoint: Endpoint }) {
  const { id, status } = endpoint;
  const place = useRef<HTMLDivElement>(null);
  const onChanged = useEndpointChange(id);
  const isOwnAct = useRef(false);
  const change = (changed: Endpoint): void => {
    isOwnAct.current = true;
    onChanged(changed);
  };
  // The button that was pressed is gone: the focus goes to the one that stands in its place.
  useEffect(() => {
    if (isOwnAct.current) place.current?.querySelector('button')?.focus();
    isOwnAct.current = false;
  }, [status]);
  return (
    <div ref={place} style={{ display: 'contents' }}>
      {status === 'enabled' ? <Disable id={id} onChanged={change} /> : <Enable id={id} onChanged={change} />}
    </div>
  );
}
