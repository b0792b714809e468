import { Anchor, Button, Code, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { VerifierSnippet } from '../verify/verifier-snippet.tsx';
import { SchemeExplained } from './scheme-explained.tsx';
import { useOwnProfile } from './use-own-profile.ts';

/** How the tenant's profile signs, and code that verifies it. */
export function WhatIsSigned() {
  const profile = useOwnProfile();
  const [open, { toggle }] = useDisclosure(false);
  return (
    <Stack component="section">
      <Title order={2} size="h4">
        What is signed?
      </Title>
      {profile ? (
        <>
          <Text size="sm">
            Deliveries of the profile <Code>{profile.name}</Code> carry:
          </Text>
          <SchemeExplained signature={profile.signature} />
          <div>
            <Button variant="default" size="xs" onClick={toggle} aria-expanded={open}>
              {open ? 'Hide the code' : 'Code that verifies this'}
            </Button>
          </div>
          {open && <VerifierSnippet profile={profile.name} algorithm="hmac-sha256" />}
        </>
      ) : (
        <Skeleton height={320} />
      )}
      <Text size="sm">
        Verify the raw bytes, before any parser: in most frameworks that is a setting of the route. While a secret is
        rotated, accept a signature under either one. The route behind this page is{' '}
        <Code>POST /v1/signature-checks</Code> in the{' '}
        <Anchor href="/docs" inherit underline="always">
          API reference
        </Anchor>
        .
      </Text>
    </Stack>
  );
}
