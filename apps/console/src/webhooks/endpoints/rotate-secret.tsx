import { Button, Group, Stack, Text } from '@mantine/core';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import { IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { FirstFocus } from '../../show/first-focus.tsx';
import { useCopyGuard } from '../../show/form-dialog.tsx';
import { ExactTime } from '../../show/time.tsx';
import { Dialog } from './dialog.tsx';
import { explainOverlap } from './explain-overlap.ts';
import { PublicKeys } from './public-keys.tsx';
import { type Rotated, RotateForm } from './rotate-form.tsx';
import { SecretOnce } from './secret-once.tsx';
import { useEndpointChange } from './use-endpoint-change.ts';
import { useSignature } from './use-signature.ts';

/** An endpoint's new secret, this once. */
function RotatedView({ rotated, endpoint }: { readonly rotated: Rotated; readonly endpoint: Endpoint }) {
  const { signing_secret: secret, public_keys: keys, bothUntil } = rotated;
  const signature = useSignature(endpoint);
  const [isCopied, setCopied] = useState(false);
  const close = useCopyGuard(isCopied || secret === null);
  return (
    <Stack>
      {secret === null ? <PublicKeys keys={keys} /> : <SecretOnce secret={secret} onCopied={() => setCopied(true)} />}
      <Text size="sm">
        {bothUntil === null ? (
          'The old one no longer works.'
        ) : (
          <>
            Both work until <ExactTime at={bothUntil} />. Give your receiver the new one beside the old one before then.{' '}
            {explainOverlap(signature)}
          </>
        )}
      </Text>
      <Group justify="flex-end">
        <Button data-autofocus={secret === null || undefined} onClick={close}>
          Done
        </Button>
      </Group>
    </Stack>
  );
}

/** Gives an endpoint a new secret, which is shown once. */
export function RotateSecret({ endpoint }: { readonly endpoint: Endpoint }) {
  const [opened, setOpened] = useState(false);
  const [rotated, setRotated] = useState<Rotated | null>(null);
  const onChanged = useEndpointChange(endpoint.id);
  const close = (): void => {
    setOpened(false);
    setRotated(null);
  };
  const onRotated = (answer: Rotated): void => {
    setRotated(answer);
    onChanged();
  };
  return (
    <>
      <Button variant="default" leftSection={<IconRefresh size={16} aria-hidden />} onClick={() => setOpened(true)}>
        Rotate secret
      </Button>
      <Dialog opened={opened} onClose={close} title="Rotate secret" size="lg">
        <FirstFocus key={rotated ? 'rotated' : 'form'}>
          {rotated ? (
            <RotatedView rotated={rotated} endpoint={endpoint} />
          ) : (
            <RotateForm endpoint={endpoint} onRotated={onRotated} />
          )}
        </FirstFocus>
      </Dialog>
    </>
  );
}
