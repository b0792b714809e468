import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { type CreatedEndpoint, sendTestEvent } from '../../api/endpoints.ts';
import { useCopyGuard } from '../../show/form-dialog.tsx';
import { VerifierSnippet } from '../../verify/verifier-snippet.tsx';
import { PublicKeys } from './public-keys.tsx';
import { SecretOnce } from './secret-once.tsx';
import { SentSample } from './sent-sample.tsx';
import { useTestType } from './use-test-type.ts';
import { WatchedDelivery } from './watched-delivery.tsx';

/** What comes after an endpoint was made: its secret, a receiver's code, and a first test. */
export function EndpointAdded({ endpoint }: { readonly endpoint: CreatedEndpoint }) {
  const testing = useMutation({ mutationFn: () => sendTestEvent(endpoint.id), meta: { silent: true } });
  const { signing_secret: secret } = endpoint;
  const [isCopied, setCopied] = useState(false);
  const close = useCopyGuard(isCopied || secret === null);
  const type = useTestType(endpoint);
  return (
    <Stack>
      {secret === null ? (
        <Alert variant="outline" title="The public key">
          <Text size="sm" mb="xs">
            Your receiver verifies with it. It is no secret, and can be read again at any time.
          </Text>
          <PublicKeys keys={endpoint.public_keys} />
        </Alert>
      ) : (
        <SecretOnce secret={secret} onCopied={() => setCopied(true)} />
      )}
      <Title order={3} size="h5">
        Verify what arrives
      </Title>
      <VerifierSnippet profile={endpoint.profile} algorithm={endpoint.signature_algorithm} />
      {testing.error && <Alert color="red">{testing.error.message}</Alert>}
      {testing.data && (
        <>
          <SentSample type={testing.data.type} />
          <WatchedDelivery key={testing.data.id} eventId={testing.data.id} endpointId={endpoint.id} staysHere />
        </>
      )}
      <Group justify="flex-end" gap="xs">
        <Button
          variant="default"
          title={type === null ? undefined : `Sends ${type}`}
          loading={testing.isPending}
          onClick={() => testing.mutate()}
        >
          Send test event
        </Button>
        <Button data-autofocus={secret === null || undefined} onClick={close}>
          Done
        </Button>
      </Group>
    </Stack>
  );
}
