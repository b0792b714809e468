import { Grid, Stack, Text } from '@mantine/core';
import { PageHead } from '../show/page-head.tsx';
import { SignatureForm } from './signature-form.tsx';
import { WhatIsSigned } from './what-is-signed.tsx';

/** Finds out why a receiver does not accept a delivery. */
export function SignaturesPage() {
  return (
    <>
      <PageHead title="Signatures" />
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
    </>
  );
}
