import { Alert, Button, Code, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { type RecordedRequest, readNewestDeliveryId, readRecordedRequest } from '../api/signature-checks.ts';
import { maskedSignatures } from './header-lines.ts';
import { useOwnProfile } from './use-own-profile.ts';

/** @param id `null`: the newest */
async function readExample(id: string | null): Promise<RecordedRequest> {
  const deliveryId = id ?? (await readNewestDeliveryId());
  if (deliveryId === null) throw new Error('There is no delivery yet: send a test event to an endpoint first.');
  return readRecordedRequest(deliveryId);
}

interface Props {
  /** As they stand in the form now. */
  readonly headers: string;
  readonly onLoaded: (recorded: RecordedRequest) => void;
}

/** Fills the form from a delivery's last attempt. */
export function LoadExample({ headers, onLoaded }: Props) {
  const { delivery } = useSearch({ from: '/signed-in/signatures' });
  const [id, setId] = useState(delivery ?? '');
  const loading = useMutation({
    mutationFn: readExample,
    meta: { silent: true },
    onSuccess: (recorded) => {
      setId(recorded.deliveryId);
      onLoaded(recorded);
    },
  });
  const { mutate } = loading;
  useEffect(() => {
    if (delivery !== undefined) mutate(delivery);
  }, [delivery, mutate]);
  return (
    <Stack gap="xs">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          mutate(id.trim());
        }}
      >
        <Group align="flex-end" gap="xs">
          <TextInput
            label="Begin with a delivery"
            placeholder="dlv_…"
            value={id}
            onChange={(event) => setId(event.currentTarget.value)}
            style={{ flex: '1 1 240px' }}
          />
          <Button type="submit" variant="default" disabled={id.trim() === ''} loading={loading.isPending}>
            Load its last attempt
          </Button>
          <Button variant="default" loading={loading.isPending} onClick={() => mutate(null)}>
            Load the newest
          </Button>
        </Group>
      </form>
      {loading.error && (
        <Alert color="red" role="alert" title="That delivery could not be loaded">
          {loading.error.message}
        </Alert>
      )}
      {loading.data && <Loaded recorded={loading.data} headers={headers} />}
    </Stack>
  );
}

/** What was loaded, and what is still to be filled in. */
function Loaded({ recorded: { deliveryId, attempt }, headers }: { recorded: RecordedRequest; headers: string }) {
  const scheme = useOwnProfile()?.signature;
  const masked = scheme ? maskedSignatures(headers, [scheme]) : [];
  return (
    <Alert
      color="blue"
      role="status"
      title={attempt ? `Attempt ${attempt.number} is loaded` : 'It was not attempted yet'}
    >
      <Stack gap="xs">
        <Text size="sm">
          Of{' '}
          <Link to="/webhooks/deliveries/$deliveryId" params={{ deliveryId }} search={{}}>
            this delivery
          </Link>
          , with its exact body
          {attempt ? ' and the time at which it was sent' : '; headers are on record after an attempt'}.
        </Text>
        {masked.length > 0 && (
          <Text size="sm">
            Posthorn keeps no signatures: replace the <Code>***</Code> in{' '}
            {masked.map((name, index) => (
              <span key={name}>
                {index > 0 && ' and '}
                <Code>{name}</Code>
              </span>
            ))}{' '}
            with the value from your receiver’s log.
          </Text>
        )}
      </Stack>
    </Alert>
  );
}
