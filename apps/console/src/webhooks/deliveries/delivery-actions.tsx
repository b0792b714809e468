import { Anchor, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { isOpen } from '@posthorn/domain/delivery/delivery-status';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import { IconBan, IconRefresh } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useContext, useState } from 'react';
import { cancelDelivery, type DeliveryDetail } from '../../api/deliveries.ts';
import { useMay } from '../../shell/use-session.ts';
import { CopyButton } from '../../show/copy-button.tsx';
import { useListKeys } from '../../show/use-list-keys.ts';
import { buildCurl, maskedHeaders } from './build-curl.ts';
import { explainNoReplay } from './explain-no-replay.ts';
import { ReceiveContext } from './receive-context.ts';
import { useReplay } from './use-replay.tsx';

interface Actions {
  readonly delivery: DeliveryDetail;
  readonly endpoint: Endpoint | null | undefined;
}

/** What can be done with a delivery. */
export function DeliveryActions({ delivery, endpoint }: Actions) {
  const receive = useContext(ReceiveContext);
  const mayWrite = useMay('webhooks:write');
  const replay = useReplay((made) => receive([made]));
  const obstacle = explainNoReplay(endpoint);
  useListKeys({ r: () => replay.ask(delivery, endpoint) });
  const isUnderWay = isOpen(delivery.status);
  const headers = delivery.attempt_log.at(-1)?.request_headers ?? { 'Content-Type': 'application/json' };
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Button
          size="xs"
          leftSection={<IconRefresh size={14} aria-hidden />}
          disabled={!mayWrite || obstacle !== null}
          loading={replay.isPending}
          onClick={() => replay.now(delivery)}
        >
          Replay
        </Button>
        {isUnderWay && mayWrite && <Cancel delivery={delivery} />}
        {endpoint && (
          <CopyButton
            text={buildCurl({ url: endpoint.url, headers, payload: delivery.payload })}
            label="Copy as cURL"
          />
        )}
      </Group>
      {!mayWrite && <Text size="xs">Your key may not replay: it lacks webhooks:write.</Text>}
      {mayWrite && obstacle !== null && <Obstacle text={obstacle} endpoint={endpoint} />}
      {mayWrite && obstacle === null && isUnderWay && (
        <Text size="xs">It is still being tried. A replay goes out at once, as a new delivery besides this one.</Text>
      )}
      {endpoint && <AboutCurl masked={maskedHeaders(headers)} />}
      {replay.dialog}
    </Stack>
  );
}

/** Why there is no replay, and where that is mended. */
function Obstacle({ text, endpoint }: { readonly text: string } & Pick<Actions, 'endpoint'>) {
  if (!endpoint) return <Text size="xs">{text}</Text>;
  return (
    <Text size="xs">
      {text}.{' '}
      <Anchor
        inherit
        underline="always"
        renderRoot={(props) => (
          <Link to="/webhooks/endpoints/$endpointId" params={{ endpointId: endpoint.id }} {...props} />
        )}
      >
        Open the endpoint
      </Anchor>
    </Text>
  );
}

function AboutCurl({ masked }: { readonly masked: readonly string[] }) {
  return (
    <Text size="xs">
      The cURL command is sent to the endpoint’s present URL, which may have changed since.
      {masked.length > 0 &&
        ` In it ${masked.join(', ')} ${masked.length === 1 ? 'is' : 'are'} masked: put in your own.`}
    </Text>
  );
}

function Cancel({ delivery }: { readonly delivery: DeliveryDetail }) {
  const [isAsked, setAsked] = useState(false);
  const receive = useContext(ReceiveContext);
  const queryClient = useQueryClient();
  const close = (): void => setAsked(false);
  const mutation = useMutation({
    mutationFn: () => cancelDelivery(delivery.id),
    onSuccess(cancelled) {
      receive([cancelled]);
      notifications.show({ title: 'Cancelled', message: 'No further attempt is made.' });
    },
    onSettled() {
      close();
      return queryClient.invalidateQueries({ queryKey: ['delivery', delivery.id] });
    },
  });
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconBan size={14} aria-hidden />}
        onClick={() => setAsked(true)}
      >
        Cancel
      </Button>
      <Modal opened={isAsked} onClose={close} title="Cancel this delivery?" zIndex={300}>
        <Stack>
          <Text size="sm">No further attempt is made. A request that is under way now is not called back.</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Keep trying
            </Button>
            <Button data-autofocus color="red" loading={mutation.isPending} onClick={() => mutation.mutate()}>
              Cancel the delivery
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
