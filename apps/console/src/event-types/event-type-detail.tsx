import { Button, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { EventType } from '@posthorn/http-api/event-type';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { CopyButton } from '../show/copy-button.tsx';
import { TextBlock } from '../show/text-block.tsx';

interface Detail {
  readonly type: EventType;
  /** `null`: this key may not change types. */
  readonly onEdit: ((type: EventType) => void) | null;
  readonly onDelete: ((type: EventType) => void) | null;
}

const SOURCES = {
  profile: 'From the profile: it is part of its contract and cannot be changed here.',
  tenant: 'Your own: it can be changed and deleted.',
} as const;

/** A type with its schema and its sample. */
export function EventTypeDetail({ type, onEdit, onDelete }: Detail) {
  const { name, source, schema, sample } = type;
  return (
    <Stack gap="md">
      <Group justify="space-between" gap="xs">
        <Text size="sm">{SOURCES[source]}</Text>
        <Group gap="xs">
          <Button
            variant="default"
            size="xs"
            renderRoot={(props) => <Link to="/events" search={{ type: name }} {...props} />}
          >
            Its events
          </Button>
          {source === 'tenant' && onEdit && (
            <Button
              variant="default"
              size="xs"
              leftSection={<IconPencil size={14} aria-hidden />}
              onClick={() => onEdit(type)}
            >
              Edit
            </Button>
          )}
          {source === 'tenant' && onDelete && (
            <Button
              variant="default"
              size="xs"
              leftSection={<IconTrash size={14} aria-hidden />}
              onClick={() => onDelete(type)}
            >
              Delete
            </Button>
          )}
        </Group>
      </Group>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <JsonPart
          title="JSON Schema of data"
          label={`JSON Schema of ${name}`}
          value={schema}
          missing="None: any JSON is accepted."
        />
        <JsonPart title="Sample" label={`Sample of ${name}`} value={sample} missing="None: a test event sends {}." />
      </SimpleGrid>
    </Stack>
  );
}

interface Part {
  readonly title: string;
  readonly label: string;
  /** `null`: there is none. */
  readonly value: unknown;
  readonly missing: string;
}

function JsonPart({ title, label, value, missing }: Part) {
  const text = JSON.stringify(value, null, 2);
  return (
    <Stack gap="xs">
      <Group justify="space-between" mih={30}>
        <Title order={4} size="h6">
          {title}
        </Title>
        {value !== null && <CopyButton text={text} />}
      </Group>
      {value === null ? <Text size="sm">{missing}</Text> : <TextBlock text={text} label={label} />}
    </Stack>
  );
}
