import { Alert, PasswordInput, Radio, Stack, Text } from '@mantine/core';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { type RotatedSecret, rotateSecret } from '../../api/endpoints.ts';
import { useChangeGuard } from '../../show/form-dialog.tsx';
import { ExactTime, Time } from '../../show/time.tsx';
import { explainOverlap, explainReplacing } from './explain-overlap.ts';
import { FormEnd } from './form-end.tsx';
import { readFieldErrors } from './read-field-errors.ts';
import { useOverlap } from './use-overlap.ts';
import { useSignature } from './use-signature.ts';

const MS_PER_SECOND = 1_000;
const OVERLAPS = [
  { seconds: '0', label: 'Switch at once' },
  { seconds: '3600', label: 'Both for 1 hour' },
  { seconds: '86400', label: 'Both for 24 hours' },
  { seconds: '604800', label: 'Both for 7 days' },
] as const;
const USUAL_OVERLAP = '86400';

/** A rotation's answer. */
export interface Rotated extends RotatedSecret {
  /** RFC 3339; `null`: the old one no longer works. */
  readonly bothUntil: string | null;
}

/** What is to be said before an endpoint gets a new secret. */
export function RotateForm({
  endpoint,
  onRotated,
}: {
  readonly endpoint: Endpoint;
  readonly onRotated: (rotated: Rotated) => void;
}) {
  const [overlap, setOverlap] = useState<string>(USUAL_OVERLAP);
  const [secret, setSecret] = useState('');
  const signature = useSignature(endpoint);
  const overlapEndsAt = useOverlap(endpoint);
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
        {overlapEndsAt !== null && (
          <Alert variant="outline" color="orange" title="A rotation is under way already">
            <Text size="sm" component="div">
              Two secrets are valid until <ExactTime at={overlapEndsAt} /> (<Time at={overlapEndsAt} />
              ). {explainReplacing(Number(overlap))}
            </Text>
          </Alert>
        )}
        <Radio.Group
          label="How long the old one stays valid"
          description={explainOverlap(signature)}
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
