import { Group, Stack, Text } from '@mantine/core';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import type { ReactNode } from 'react';
import { ExactTime } from '../../show/time.tsx';
import { ToClipboard } from '../../verify/to-clipboard.tsx';
import { explainHold } from '../deliveries/explain-hold.ts';
import { describeAfter, describeTypes } from './describe-endpoint.ts';
import { Section } from './section.tsx';

const Row = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <Group component="div" gap="xs" align="flex-start">
    <Text component="dt" size="sm" w={150} fw={500}>
      {label}
    </Text>
    <Text component="dd" size="sm" m={0} flex="1 1 200px" miw={0} style={{ overflowWrap: 'anywhere' }}>
      {children}
    </Text>
  </Group>
);

/** What was said of an endpoint. */
export function EndpointConfiguration({ endpoint }: { readonly endpoint: Endpoint }) {
  const { id, events, headers, rate_limit, ordering_skip_after, failure_policy, profile, created_at } = endpoint;
  const names = Object.keys(headers);
  return (
    <Section title="Configuration">
      <Stack component="dl" gap="xs" m={0}>
        <Row label="Event types">
          {describeTypes(events)}
          {events.length > 0 && `: ${events.join(', ')}`}
        </Row>
        <Row label="Headers">{names.length === 0 ? 'none' : `${names.join(', ')} (values are kept sealed)`}</Row>
        <Row label="Rate limit">{rate_limit === null ? 'as the profile says' : `${rate_limit} requests a second`}</Row>
        <Row label="Ordering keys">{explainHold(ordering_skip_after)}</Row>
        <Row label="A mail, if it fails">{describeAfter(failure_policy.warn_after_seconds)}</Row>
        <Row label="Disabled, if it fails">{describeAfter(failure_policy.disable_after_seconds)}</Row>
        <Row label="Profile">{profile}</Row>
        <Row label="Made">
          <ExactTime at={created_at} />
        </Row>
        <Row label="Id">
          <Group gap="xs">
            <Text span size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
              {id}
            </Text>
            <ToClipboard text={id} what="Id" />
          </Group>
        </Row>
      </Stack>
    </Section>
  );
}
