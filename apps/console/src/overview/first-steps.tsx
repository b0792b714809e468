import { Box, Button, Group, List, Paper, Stack, Text, ThemeIcon, Title, VisuallyHidden } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { eventTypesQuery } from '../api/event-types.ts';
import { useMay } from '../shell/use-session.ts';
import { CopyButton } from '../show/copy-button.tsx';
import { TextBlock } from '../show/text-block.tsx';
import type { FirstSteps as Steps } from './decide-first-steps.ts';
import { writePostCommand } from './write-post-command.ts';

interface FirstStepsProps {
  readonly steps: Steps;
  /** The newest endpoint, which the test goes to. */
  readonly endpointId: string | undefined;
}

/** What a new tenant does first; what is done is ticked. */
export function FirstSteps({ steps: { addedEndpoint, sentTest, postedEvent }, endpointId }: FirstStepsProps) {
  const mayWrite = useMay('webhooks:write');
  const { data: types } = useQuery(eventTypesQuery);
  const command = writePostCommand(window.location.origin, types?.[0]);
  return (
    <Paper withBorder p="md" component="section">
      <Title order={2} size="h4" mb="md">
        Three steps to your first webhook
      </Title>
      <List spacing="lg" listStyleType="none" center={false}>
        <Step number={1} done={addedEndpoint} title="Add an endpoint">
          <Text size="sm">The URL of your customer that gets the events, and the types that it wants.</Text>
          {!addedEndpoint && (
            <Act allowed={mayWrite}>
              <Button size="xs" renderRoot={(props) => <Link to="/webhooks/endpoints" {...props} />}>
                Go to the endpoints
              </Button>
            </Act>
          )}
        </Step>
        <Step number={2} done={sentTest} title="Send a test event">
          <Text size="sm">It is signed and sent like a real one, to this endpoint alone.</Text>
          {!sentTest && endpointId !== undefined && (
            <Act allowed={mayWrite}>
              <Button
                size="xs"
                renderRoot={(props) => <Link to="/webhooks/endpoints/$endpointId" params={{ endpointId }} {...props} />}
              >
                Go to the endpoint
              </Button>
            </Act>
          )}
        </Step>
        <Step number={3} done={postedEvent} title="Post an event">
          <Text size="sm">
            From your service, with an API key that may write events. Every endpoint that wants it gets it.
          </Text>
          {!postedEvent && (
            <>
              <Box w="100%">
                <TextBlock text={command} label="The command that posts an event" />
              </Box>
              <Group gap="xs">
                <CopyButton text={command} />
                <Button size="xs" variant="default" renderRoot={(props) => <Link to="/events" {...props} />}>
                  Or send one from the console
                </Button>
              </Group>
            </>
          )}
        </Step>
      </List>
    </Paper>
  );
}

interface StepProps {
  readonly number: number;
  readonly done: boolean;
  readonly title: string;
  readonly children: ReactNode;
}

function Step({ number, done, title, children }: StepProps) {
  return (
    <List.Item
      icon={
        <ThemeIcon size={28} radius="xl" variant={done ? 'filled' : 'default'} color="teal.9">
          {done ? <IconCheck size={16} aria-hidden /> : number}
        </ThemeIcon>
      }
      styles={{ itemWrapper: { width: '100%', alignItems: 'flex-start' }, itemLabel: { flex: 1, minWidth: 0 } }}
    >
      <Stack gap="xs" align="flex-start" pt={2}>
        <Title order={3} size="h5">
          {title}
          {done && <VisuallyHidden> (done)</VisuallyHidden>}
        </Title>
        {children}
      </Stack>
    </List.Item>
  );
}

/** A way on, or why this key may not go it. */
function Act({ allowed, children }: { readonly allowed: boolean; readonly children: ReactNode }) {
  if (allowed) return children;
  return (
    <Text size="sm" c="dimmed">
      This key may not change endpoints: sign in with one that has webhooks:write.
    </Text>
  );
}
