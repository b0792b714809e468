import { Button, Code, List, Stack, Table, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { Profile } from '@posthorn/http-api/profile';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { CopyButton } from '../show/copy-button.tsx';
import { TextBlock } from '../show/text-block.tsx';
import { SchemeExplained } from '../signatures/scheme-explained.tsx';
import { describeEnvelope, describeFailures, formatWait, scheduleOf } from './describe-profile.ts';

const MS_PER_MINUTE = 60_000;

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Stack component="section" gap="xs">
      <Title order={2} size="h4">
        {title}
      </Title>
      {children}
    </Stack>
  );
}

function Schedule({ profile }: { readonly profile: Profile }) {
  const rows = scheduleOf(profile);
  const total = rows.at(-1)?.afterMinutes ?? 0;
  return (
    <Table.ScrollContainer minWidth={280}>
      <Table withTableBorder maw={480} tabIndex={0}>
        <Table.Caption>
          {rows.length} attempts over {formatWait(total)}, where each fails at once
        </Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Attempt</Table.Th>
            <Table.Th scope="col">Wait before it</Table.Th>
            <Table.Th scope="col">Since the first</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ number, waitMinutes, afterMinutes }) => (
            <Table.Tr key={number}>
              <Table.Td>{number}</Table.Td>
              <Table.Td>{waitMinutes === null ? 'none: at once' : formatWait(waitMinutes)}</Table.Td>
              <Table.Td>{formatWait(afterMinutes)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function EventTypesOf({ profile: { event_types: types } }: { readonly profile: Profile }) {
  if (types.length === 0) return <Text size="sm">None: the tenant brings its own.</Text>;
  return (
    <List size="sm">
      {types.map(({ name, description }) => (
        <List.Item key={name}>
          <Code>{name}</Code> {description}
        </List.Item>
      ))}
    </List>
  );
}

function Json({ profile }: { readonly profile: Profile }) {
  const [open, { toggle }] = useDisclosure(false);
  const text = JSON.stringify(profile, null, 2);
  return (
    <Stack gap="xs" align="flex-start">
      <Button variant="default" size="xs" onClick={toggle} aria-expanded={open}>
        {open ? 'Hide the JSON' : 'Show as JSON'}
      </Button>
      {open && (
        <Stack gap="xs" w="100%">
          <div>
            <CopyButton text={text} label="Copy the JSON" />
          </div>
          <TextBlock text={text} label={`The profile ${profile.name} as JSON`} maxHeight={480} />
        </Stack>
      )}
    </Stack>
  );
}

/** A profile in words. */
export function ProfileContract({ profile }: { readonly profile: Profile }) {
  const { name, envelope, signature, timeout_ms: timeoutMs, rate_per_second: rate } = profile;
  return (
    <Stack gap="lg" maw={720}>
      <Section title="Body">
        <TextBlock text={describeEnvelope(envelope)} label={`The body that ${name} sends`} />
      </Section>
      <Section title="Signature">
        <SchemeExplained signature={signature} />
        <Text size="sm">
          Something does not fit? <Link to="/signatures">Check a signature</Link>.
        </Text>
      </Section>
      <Section title="Retries">
        <Schedule profile={profile} />
        <List size="sm">
          <List.Item>
            An attempt may take {formatWait(timeoutMs / MS_PER_MINUTE)}, from looking up the name to the end of the
            body.
          </List.Item>
          {rate !== null && (
            <List.Item>An endpoint without a rate limit of its own gets {rate} requests a second.</List.Item>
          )}
          {describeFailures(profile).map((sentence) => (
            <List.Item key={sentence}>{sentence}</List.Item>
          ))}
          <List.Item>
            Waits hold where a minute is a minute: the operator can shorten all schedules with RETRY_MINUTE_MS.
          </List.Item>
        </List>
      </Section>
      <Section title="Event types that come with it">
        <EventTypesOf profile={profile} />
      </Section>
      <Json profile={profile} />
    </Stack>
  );
}
