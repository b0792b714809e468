import { Alert, Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import { IconAlertTriangle, IconBan } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { probeEndpoint } from '../../api/endpoints.ts';
import { describeDisabling, disablingReason } from './describe-endpoint.ts';
import { SentSample } from './sent-sample.tsx';
import { WatchedDelivery } from './watched-delivery.tsx';

/** Asks a disabled endpoint whether it answers again: one attempt, which changes nothing unless it is to. */
function Probe({ endpoint }: { readonly endpoint: Endpoint }) {
  const mayEnable = endpoint.disabled_by === 'failures';
  const [enables, setEnables] = useState(mayEnable);
  const probing = useMutation({
    mutationFn: () => probeEndpoint(endpoint.id, mayEnable && enables),
    meta: { silent: true },
  });
  return (
    <Stack gap="xs">
      <Group gap="md">
        <Button size="xs" variant="default" loading={probing.isPending} onClick={() => probing.mutate()}>
          Check now
        </Button>
        {mayEnable && (
          <Checkbox
            label="Enable it when it answers"
            checked={enables}
            onChange={({ currentTarget }) => setEnables(currentTarget.checked)}
          />
        )}
      </Group>
      {probing.error && (
        <Text size="sm" role="alert">
          {probing.error.message}
        </Text>
      )}
      {probing.data && (
        <>
          <SentSample type={probing.data.type} />
          <WatchedDelivery key={probing.data.id} eventId={probing.data.id} endpointId={endpoint.id} />
        </>
      )}
    </Stack>
  );
}

/** Why an endpoint gets nothing, and what to do. */
export function DisabledNotice({ endpoint, mayWrite }: { readonly endpoint: Endpoint; readonly mayWrite: boolean }) {
  const byFailures = endpoint.disabled_by === 'failures';
  const reason = disablingReason(endpoint);
  const Icon = byFailures ? IconAlertTriangle : IconBan;
  return (
    <Alert
      variant="outline"
      color={byFailures ? 'red' : 'orange'}
      icon={<Icon aria-hidden />}
      title={describeDisabling(endpoint) ?? ''}
      mb="md"
    >
      <Stack gap="sm">
        {reason !== null && (
          <Text size="sm" dir="auto" style={{ overflowWrap: 'anywhere' }}>
            {reason}
          </Text>
        )}
        <Text size="sm">
          {byFailures
            ? 'Nothing is sent to it. Repair the receiver, check it with one signed attempt, enable it, and recover what it missed.'
            : 'Nothing is sent to it. Once it is enabled again, what it missed can be recovered.'}
        </Text>
        {mayWrite && <Probe endpoint={endpoint} />}
      </Stack>
    </Alert>
  );
}
