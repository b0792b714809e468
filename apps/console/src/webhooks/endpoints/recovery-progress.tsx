import { Alert, Anchor, Button, Group, Progress, Stack, Text } from '@mantine/core';
import type { Recovery } from '@posthorn/http-api/recovery';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { recoveryQuery, stopRecovery } from '../../api/endpoints.ts';
import { formatCount } from '../../show/format-count.ts';
import { ListFailed, ListLoading } from '../../show/list-states.tsx';
import { progressOf } from './recovery-scope.ts';
import { refreshEndpoint } from './refresh-endpoint.ts';

const titles: Readonly<Record<Recovery['status'], string>> = {
  running: 'Replaying, in the order in which they were made',
  done: 'All of them were replayed',
  stopped: 'Stopped; what was replayed goes on',
};

/** How far a recovery is, with a button that stops it. */
export function RecoveryProgress({
  recoveryId,
  endpointId,
  onClose,
  onAnother,
}: {
  readonly recoveryId: string;
  readonly endpointId: string;
  readonly onClose: () => void;
  readonly onAnother: () => void;
}) {
  const queryClient = useQueryClient();
  const recovery = useQuery(recoveryQuery(recoveryId));
  const stopping = useMutation({
    mutationFn: () => stopRecovery(recoveryId),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['recovery', recoveryId] }),
  });
  const replayed = recovery.data?.replayed;
  useEffect(() => {
    if (replayed !== undefined) void queryClient.invalidateQueries({ queryKey: ['deliveries', 'latest', endpointId] });
  }, [queryClient, replayed, endpointId]);
  const phase = recovery.data?.status;
  useEffect(() => {
    if (phase !== undefined) refreshEndpoint(queryClient, endpointId);
  }, [queryClient, phase, endpointId]);
  if (recovery.isPending) return <ListLoading />;
  if (!recovery.data) return <ListFailed error={recovery.error} onRetry={() => void recovery.refetch()} />;
  const { status, matched } = recovery.data;
  const percent = progressOf(recovery.data);
  return (
    <Stack>
      <Text role="status">{titles[status]}.</Text>
      <Progress.Root size="lg">
        <Progress.Section value={percent} aria-label="Replayed" animated={status === 'running'} />
      </Progress.Root>
      <Text size="sm">
        <b>{formatCount(recovery.data.replayed)}</b> of {formatCount(matched)} replayed.
        {status === 'running' && ' It goes on when this is closed.'}
      </Text>
      {stopping.error && <Alert color="red">{stopping.error.message}</Alert>}
      <Anchor
        size="sm"
        underline="always"
        renderRoot={(props) => <Link {...props} to="/webhooks" search={{ endpoint_id: endpointId }} />}
      >
        Watch them arrive
      </Anchor>
      <Group justify="flex-end" gap="xs">
        {status === 'running' ? (
          <Button color="red.9" loading={stopping.isPending} onClick={() => stopping.mutate()}>
            Stop
          </Button>
        ) : (
          <Button variant="default" onClick={onAnother}>
            Another one
          </Button>
        )}
        <Button variant={status === 'running' ? 'default' : 'filled'} onClick={onClose}>
          Done
        </Button>
      </Group>
    </Stack>
  );
}
