import { Button, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { endpointsQuery } from '../../api/endpoints.ts';
import { eventTypesQuery } from '../../api/event-types.ts';
import { CopyButton } from '../../show/copy-button.tsx';
import { ListEmpty } from '../../show/list-states.tsx';
import { TextBlock } from '../../show/text-block.tsx';
import { firstEventCommand } from './first-event-command.ts';

/** What to do while nothing was ever sent. */
export function DeliveryListEmpty({ title }: { readonly title: string }) {
  const endpoints = useQuery(endpointsQuery);
  const types = useQuery(eventTypesQuery);
  if (endpoints.data?.rows.length === 0) {
    return (
      <ListEmpty title={title}>
        <Text size="sm">
          Deliveries go to endpoints, and there is none yet. Press <b>Add endpoint</b> above and give it the URL that
          your webhooks go to.
        </Text>
      </ListEmpty>
    );
  }
  const command = firstEventCommand(window.location.origin, types.data?.[0] ?? null);
  return (
    <ListEmpty title={title}>
      <Text size="sm">Post the first event; every endpoint that wants its type gets a delivery.</Text>
      <Stack align="stretch" w="100%" ta="start">
        <TextBlock text={command} label="The command that posts an event" />
      </Stack>
      <CopyButton text={command} />
      <Button component={Link} to="/webhooks/endpoints" variant="subtle">
        Or send a test event from an endpoint
      </Button>
    </ListEmpty>
  );
}
