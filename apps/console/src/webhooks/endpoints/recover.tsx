import { Alert, Button, Checkbox, Loader, Radio, Stack, Text, TextInput } from '@mantine/core';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import { IconRestore } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type SubmitEvent, useState } from 'react';
import { recoveryPreviewQuery, startRecovery } from '../../api/endpoints.ts';
import { useChangeGuard } from '../../show/form-dialog.tsx';
import { formatCount } from '../../show/format-count.ts';
import { isChanged } from '../../show/is-changed.ts';
import { Dialog } from './dialog.tsx';
import { FormEnd } from './form-end.tsx';
import { RecoveryProgress } from './recovery-progress.tsx';
import { type RecoveryChoice, recoverable, recoverySpans, scopeOf, usualChoice } from './recovery-scope.ts';

function Choice({
  choice,
  onChange,
}: {
  readonly choice: RecoveryChoice;
  readonly onChange: (choice: RecoveryChoice) => void;
}) {
  return (
    <>
      <Radio.Group label="Deliveries made in" value={choice.span} onChange={(span) => onChange({ ...choice, span })}>
        <Stack gap="xs" mt="xs">
          {recoverySpans.map(({ value, label }) => (
            <Radio key={value} value={value} label={label} data-autofocus={value === usualChoice.span || undefined} />
          ))}
        </Stack>
      </Radio.Group>
      {choice.span === 'custom' && (
        <TextInput
          type="datetime-local"
          label="Since (local time)"
          value={choice.moment}
          onChange={({ currentTarget }) => onChange({ ...choice, moment: currentTarget.value })}
        />
      )}
      <Checkbox.Group
        label="That read now"
        value={[...choice.statuses]}
        onChange={(statuses) => onChange({ ...choice, statuses })}
      >
        <Stack gap="xs" mt="xs">
          {recoverable.map(({ status, label, description }) => (
            <Checkbox key={status} value={status} label={label} description={description} />
          ))}
        </Stack>
      </Checkbox.Group>
    </>
  );
}

function Count({
  matched,
  error,
  isCounting,
}: {
  readonly matched: number | undefined;
  readonly error: Error | null;
  readonly isCounting: boolean;
}) {
  if (isCounting) return <Loader size="xs" aria-label="Counting" />;
  if (error) return error.message;
  if (matched === undefined) return null;
  return (
    <>
      <b>{formatCount(matched)}</b> {matched === 1 ? 'delivery matches' : 'deliveries match'}. Of each event the latest
      counts, so nothing is sent twice.
    </>
  );
}

function RecoverForm({
  endpoint,
  onStarted,
}: {
  readonly endpoint: Endpoint;
  readonly onStarted: (recoveryId: string) => void;
}) {
  const [openedAt] = useState(Date.now);
  const [choice, setChoice] = useState(usualChoice);
  const cancel = useChangeGuard(isChanged(usualChoice, choice));
  const scope = scopeOf(choice, openedAt);
  const isDisabled = endpoint.status === 'disabled';
  const preview = useQuery({
    ...recoveryPreviewQuery(endpoint.id, scope ?? { since: '', statuses: [] }),
    enabled: scope !== null,
  });
  const starting = useMutation({
    meta: { silent: true },
    mutationFn: async () => (scope ? startRecovery(endpoint.id, scope) : null),
    onSuccess: (started) => {
      if (started?.id) onStarted(started.id);
    },
  });
  const matched = preview.data?.matched;
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    starting.mutate();
  };
  return (
    <form onSubmit={onSubmit}>
      <Stack>
        <Choice choice={choice} onChange={setChoice} />
        <Text size="sm" role="status" mih={44} component="div">
          {scope === null ? (
            'Choose since when, and at least one status.'
          ) : (
            <Count matched={matched} error={preview.error} isCounting={preview.isFetching} />
          )}
        </Text>
        {isDisabled && <Alert color="orange">It is disabled. Enable it first, then recover what it missed.</Alert>}
      </Stack>
      <FormEnd
        errors={starting.error ? [starting.error.message] : []}
        label={matched ? `Recover ${formatCount(matched)}` : 'Recover'}
        isPending={starting.isPending}
        isDisabled={isDisabled || !matched || scope === null}
        onCancel={cancel}
      />
    </form>
  );
}

/** Replays what an endpoint missed; `?recover=1` in the address opens it. */
export function Recover({ endpoint }: { readonly endpoint: Endpoint }) {
  const isAsked = useSearch({ strict: false, select: ({ recover }) => recover === '1' });
  const [opened, setOpened] = useState(false);
  const [recoveryId, setRecoveryId] = useState<string | null>(null);
  const navigate = useNavigate();
  const close = (): void => {
    setOpened(false);
    if (isAsked) void navigate({ to: '.', search: {}, replace: true });
  };
  return (
    <>
      <Button variant="default" leftSection={<IconRestore size={16} aria-hidden />} onClick={() => setOpened(true)}>
        Recover
      </Button>
      <Dialog opened={opened || isAsked} onClose={close} onLeave={() => setOpened(false)} title="Replay what it missed">
        {recoveryId === null ? (
          <RecoverForm endpoint={endpoint} onStarted={setRecoveryId} />
        ) : (
          <RecoveryProgress
            recoveryId={recoveryId}
            endpointId={endpoint.id}
            onClose={close}
            onAnother={() => setRecoveryId(null)}
          />
        )}
      </Dialog>
    </>
  );
}
