import { Alert, Button, Group, PasswordInput, Radio, Stack, Text } from '@mantine/core';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import { IconRefresh } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { type RotatedSecret, rotateSecret } from '../../api/endpoints.ts';
import { FirstFocus } from '../../show/first-focus.tsx';
import { useChangeGuard, useCopyGuard } from '../../show/form-dialog.tsx';
import { ExactTime } from '../../show/time.tsx';
import { Dialog } from './dialog.tsx';
import { FormEnd } from './form-end.tsx';
import { PublicKeys } from './public-keys.tsx';
import { readFieldErrors } from './read-field-errors.ts';
import { SecretOnce } from './secret-once.tsx';
import { useEndpointChange } from './use-endpoint-change.ts';

const MS_PER_SECOND = 1_000;
const OVERLAPS = [
  { seconds: '0', label: 'Switch at once' },
  { seconds: '3600', label: 'Both for 1 hour' },
  { seconds: '86400', label: 'Both for 24 hours' },
  { seconds: '604800', label: 'Both for 7 days' },
] as const;
const USUAL_OVERLAP = '86400';

interface Rotated extends RotatedSecret {
  /** RFC 3339; `null`: the old one no longer works. */
  readonly bothUntil: string | null;
}

function RotateForm({
  endpoint,
  onRotated,
}: {
  readonly endpoint: Endpoint;
  readonly onRotated: (rotated: Rotated) => void;
}) {
  const [overlap, setOverlap] = useState<string>(USUAL_OVERLAP);
  const [secret, setSecret] = useState('');
  const cancel = useChangeGuard(secret !== '' || overlap !== USUAL_OVERLAP);
  // Nothing is handed to the mutation or comes out of it: both would be kept, with the secrets in them.
  const rotating = useMutation({
    meta: { silent: true },
    mutationFn: async (): Promise<void> => {
      const seconds = Number(overlap);
      const answer = await rotateSecret(endpoint.id, {
        overlap_seconds: seconds,
        ...(secret !== '' && { secret }),
      });
      const bothUntil = seconds === 0 ? null : new Date(Date.now() + seconds * MS_PER_SECOND).toISOString();
      onRotated({ ...answer, bothUntil });
    },
  });
  const errors = readFieldErrors(rotating.error, ['secret']);
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    rotating.mutate();
  };
  return (
    <form onSubmit={onSubmit} autoComplete="off">
      <Stack>
        <Radio.Group
          label="How long the old one stays valid"
          description="Meanwhile every delivery is signed with both, so a receiver that knows either takes it."
          value={overlap}
          onChange={setOverlap}
        >
          <Stack gap="xs" mt="xs">
            {OVERLAPS.map(({ seconds, label }) => (
              <Radio
                key={seconds}
                value={seconds}
                label={label}
                data-autofocus={seconds === USUAL_OVERLAP || undefined}
              />
            ))}
          </Stack>
        </Radio.Group>
        {overlap === '0' && (
          <Alert color="orange">Deliveries are refused by receivers that do not know the new one yet.</Alert>
        )}
        <PasswordInput
          label="A secret of your own (optional)"
          description="Empty: Posthorn makes one."
          autoComplete="new-password"
          value={secret}
          error={errors.of('secret')}
          onChange={({ currentTarget }) => setSecret(currentTarget.value)}
        />
      </Stack>
      <FormEnd errors={errors.rest} label="Rotate secret" isPending={rotating.isPending} onCancel={cancel} />
    </form>
  );
}

function RotatedView({ rotated }: { readonly rotated: Rotated }) {
  const { signing_secret: secret, public_keys: keys, bothUntil } = rotated;
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
            Both work until <ExactTime at={bothUntil} />. Give your receiver the new one beside the old one before then.
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
          {rotated ? <RotatedView rotated={rotated} /> : <RotateForm endpoint={endpoint} onRotated={onRotated} />}
        </FirstFocus>
      </Dialog>
    </>
  );
}
