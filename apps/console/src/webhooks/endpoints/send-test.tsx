import { ActionIcon, Alert, Button, Group, Menu, ScrollArea, Select, Stack, Text } from '@mantine/core';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import { IconChevronDown, IconSend } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { sendTestEvent } from '../../api/endpoints.ts';
import { eventTypesQuery } from '../../api/event-types.ts';
import { Dialog } from './dialog.tsx';
import { SentSample } from './sent-sample.tsx';
import { useTestType } from './use-test-type.ts';
import { WatchedDelivery } from './watched-delivery.tsx';

const MENU_HEIGHT = 320;
const DISABLED = 'It is disabled. Enable it, or check it below.';

const useSending = (endpointId: string) =>
  useMutation({
    mutationFn: (type: string | null) => sendTestEvent(endpointId, type ?? undefined),
    meta: { silent: true },
  });

function Sent({ endpoint, sending }: { readonly endpoint: Endpoint; readonly sending: ReturnType<typeof useSending> }) {
  const catalog = useQuery(eventTypesQuery);
  const [type, setType] = useState<string | null>(sending.variables ?? null);
  const usual = useTestType(endpoint);
  return (
    <Stack>
      {sending.data ? (
        <SentSample type={sending.data.type} />
      ) : (
        <Text size="sm">A sample event is sent, signed like every other.</Text>
      )}
      {sending.error && <Alert color="red">{sending.error.message}</Alert>}
      {sending.data && <WatchedDelivery key={sending.data.id} eventId={sending.data.id} endpointId={endpoint.id} />}
      <Group align="flex-end" gap="xs">
        <Select
          label="Type of the next one"
          placeholder={usual ?? 'The first that it wants'}
          data={catalog.data?.map(({ name }) => name) ?? []}
          value={type}
          onChange={setType}
          clearable
          searchable
          flex="1 1 200px"
        />
        <Button loading={sending.isPending} onClick={() => sending.mutate(type)}>
          Send test event
        </Button>
      </Group>
    </Stack>
  );
}

function TypeMenu({
  isDisabled,
  onChoose,
}: {
  readonly isDisabled: boolean;
  readonly onChoose: (type: string) => void;
}) {
  const catalog = useQuery(eventTypesQuery);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size="input-sm" disabled={isDisabled} aria-label="Choose the type to send">
          <IconChevronDown size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <ScrollArea.Autosize mah={MENU_HEIGHT}>
          {catalog.data?.map(({ name }) => (
            <Menu.Item key={name} onClick={() => onChoose(name)}>
              {name}
            </Menu.Item>
          ))}
        </ScrollArea.Autosize>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Sends a sample event at once, and shows what becomes of it. */
export function SendTest({ endpoint }: { readonly endpoint: Endpoint }) {
  const [opened, setOpened] = useState(false);
  const sending = useSending(endpoint.id);
  const isDisabled = endpoint.status === 'disabled';
  const usual = useTestType(endpoint);
  const send = (type: string | null): void => {
    sending.reset();
    setOpened(true);
    sending.mutate(type);
  };
  return (
    <>
      <Button.Group>
        <Button
          leftSection={<IconSend size={16} aria-hidden />}
          disabled={isDisabled}
          title={isDisabled ? DISABLED : usual === null ? undefined : `Sends ${usual}`}
          onClick={() => send(null)}
        >
          Send test event
        </Button>
        <TypeMenu isDisabled={isDisabled} onChoose={send} />
      </Button.Group>
      <Dialog opened={opened} onClose={() => setOpened(false)} title="Test event">
        <Sent endpoint={endpoint} sending={sending} />
      </Dialog>
    </>
  );
}
