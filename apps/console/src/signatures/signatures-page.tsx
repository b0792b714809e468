import { Grid, Stack, Text } from '@mantine/core';
import { NeedsScope } from '../settings/needs-scope.tsx';
import { useMay } from '../shell/use-session.ts';
import { PageHead } from '../show/page-head.tsx';
import { SignatureForm } from './signature-form.tsx';
import { WhatIsSigned } from './what-is-signed.tsx';

/** Finds out why a receiver does not accept a delivery. */
export function SignaturesPage() {
  const mayRead = useMay('webhooks:read');
  return (
    <>
      <PageHead title="Signatures" />
      {mayRead ? (
        <Grid gap="xl">
          <Grid.Col span={{ base: 12, lg: 7 }}>
            <Stack>
              <Text size="sm">
                A receiver refuses what you send? Paste the request as it arrived there, and see which part of the
                signature does not hold.
              </Text>
              <SignatureForm />
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, lg: 5 }}>
            <WhatIsSigned />
          </Grid.Col>
        </Grid>
      ) : (
        <NeedsScope scope="webhooks:read" what="how signatures are checked" />
      )}
    </>
  );
}
