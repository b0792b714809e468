import { Alert, Anchor, Button, Group, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import type { Event } from '@posthorn/http-api/event';
import type { EventType } from '@posthorn/http-api/event-type';
import { IconCheck } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type SubmitEvent, useRef, useState } from 'react';
import { eventTypesQuery } from '../api/event-types.ts';
import { postEvent } from '../api/events.ts';
import { checkJson } from '../show/check-json.ts';
import { FirstFocus } from '../show/first-focus.tsx';
import { FormDialog, useChangeGuard } from '../show/form-dialog.tsx';
import { isChanged } from '../show/is-changed.ts';
import { newRequestKey } from './new-request-key.ts';
import { writePostedEvent } from './write-posted-event.ts';

interface Dialog {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Posts an event by hand. */
export function SendEvent({ opened, onClose }: Dialog) {
  const { data: types } = useQuery({ ...eventTypesQuery, enabled: opened });
  const queryClient = useQueryClient();
  const posting = useMutation({
    meta: { silent: true },
    mutationFn: postEvent,
    onSuccess: () =>
      Promise.all(
        ['events', 'deliveries', 'ledger', 'stats'].map((name) => queryClient.invalidateQueries({ queryKey: [name] })),
      ),
  });
  return (
    <FormDialog opened={opened} onClose={onClose} title="Send event" size="lg" keepMounted={false}>
      {posting.data ? (
        <FirstFocus key={posting.data.id}>
          <Sent event={posting.data} onClose={onClose} onAgain={posting.reset} />
        </FirstFocus>
      ) : (
        <SendForm
          types={types ?? []}
          problem={posting.error?.message ?? null}
          isSending={posting.isPending}
          onSend={(text) => posting.mutate(text)}
        />
      )}
    </FormDialog>
  );
}

const sampleText = (type: EventType | undefined): string => JSON.stringify(type?.sample ?? {}, null, 2);

interface SendFormProps {
  readonly types: readonly EventType[];
  readonly problem: string | null;
  readonly isSending: boolean;
  readonly onSend: (text: string) => void;
}

function SendForm({ types, problem, isSending, onSend }: SendFormProps) {
  const [typed, setTyped] = useState<{ type?: string; data?: string }>({});
  const [jobId, setJobId] = useState('');
  useChangeGuard(isChanged({}, typed) || jobId !== '');
  // Sent once more after a lost answer, the same event must not go out twice.
  const sent = useRef({ content: '', key: '' });
  const type = typed.type ?? types[0]?.name ?? '';
  const known = types.find(({ name }) => name === type);
  const data = typed.data ?? sampleText(known);
  const jsonProblem = checkJson(data);
  const send = (event: SubmitEvent): void => {
    event.preventDefault();
    if (jsonProblem !== null || type === '') return;
    const content = JSON.stringify([type, jobId, data]);
    if (sent.current.content !== content) sent.current = { content, key: newRequestKey() };
    onSend(writePostedEvent({ type, jobId, data, key: sent.current.key }));
  };
  return (
    <form onSubmit={send}>
      <Stack>
        {types.length > 0 ? (
          <Select
            label="Type"
            description={known?.description}
            required
            searchable
            allowDeselect={false}
            data={types.map(({ name }) => name)}
            value={type}
            onChange={(value) => setTyped((before) => ({ ...before, type: value ?? type }))}
          />
        ) : (
          <TextInput
            label="Type"
            description="The name of an event type."
            required
            value={type}
            onChange={({ currentTarget: { value } }) => setTyped((before) => ({ ...before, type: value }))}
          />
        )}
        <TextInput
          label="jobId"
          description="What the event is about. Receivers deduplicate on it."
          maxLength={200}
          data-autofocus
          value={jobId}
          onChange={({ currentTarget }) => setJobId(currentTarget.value)}
        />
        <Textarea
          label="Data (JSON)"
          description="Sent exactly as written here."
          required
          autosize
          minRows={6}
          maxRows={16}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          value={data}
          error={jsonProblem}
          onChange={({ currentTarget: { value } }) => setTyped((before) => ({ ...before, data: value }))}
        />
        {typed.data !== undefined && (
          <Button
            variant="subtle"
            size="compact-sm"
            style={{ alignSelf: 'flex-start' }}
            onClick={() => setTyped({ type })}
          >
            Put the type’s sample back
          </Button>
        )}
        {problem !== null && (
          <Alert color="red" role="alert" title="The event was not accepted">
            {problem}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={isSending} disabled={jsonProblem !== null || type === ''}>
            Send
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface SentProps {
  readonly event: Event;
  readonly onClose: () => void;
  readonly onAgain: () => void;
}

function Sent({ event: { id, type, deliveries, fired_with: others = [] }, onClose, onAgain }: SentProps) {
  return (
    <Stack>
      <Alert color="green" icon={<IconCheck aria-hidden />} title="Accepted" role="status">
        <Stack gap="xs">
          <Text size="sm">
            {deliveries === 0
              ? `No endpoint takes ${type}, so nothing is delivered.`
              : deliveries === 1
                ? 'One delivery was made for it.'
                : `${deliveries} deliveries were made for it.`}
          </Text>
          {others.map((other) => (
            <Text key={other.id} size="sm">
              It fired together with{' '}
              <Anchor
                size="sm"
                onClick={onClose}
                renderRoot={(props) => <Link to="/events/$eventId" params={{ eventId: other.id }} {...props} />}
              >
                {other.type}
              </Anchor>
              .
            </Text>
          ))}
          <Text size="sm" ff="monospace">
            {id}
          </Text>
        </Stack>
      </Alert>
      <Group>
        <Button
          data-autofocus
          renderRoot={(props) => <Link to="/events/$eventId" params={{ eventId: id }} {...props} />}
          onClick={onClose}
        >
          Open the event
        </Button>
        {deliveries > 0 && (
          <Button
            variant="default"
            onClick={onClose}
            renderRoot={(props) => <Link to="/webhooks" search={{ event_id: id }} {...props} />}
          >
            See its deliveries
          </Button>
        )}
        <Button variant="default" onClick={onAgain}>
          Send another
        </Button>
      </Group>
    </Stack>
  );
}
