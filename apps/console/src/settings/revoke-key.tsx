import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { ApiKey } from '@posthorn/http-api/api-key';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { revokeApiKey } from '../api/settings.ts';
import { ForeignText } from '../show/foreign-text.tsx';
import { spellInvisible } from '../show/mark-invisible.ts';

interface Props {
  /** `null`: none is about to be revoked. */
  readonly apiKey: ApiKey | null;
  readonly tenantId: string;
  readonly onClose: () => void;
}

/** Asks before a key is revoked, which nothing takes back. */
export function RevokeKey({ apiKey, tenantId, onClose }: Props) {
  const queryClient = useQueryClient();
  const revoking = useMutation({
    mutationFn: (revoked: ApiKey) => revokeApiKey(tenantId, revoked.id),
    onSuccess: (_, { name }) => {
      notifications.show({ message: `${spellInvisible(name)} is revoked.` });
      onClose();
    },
    onSettled: () =>
      Promise.all(['api-keys', 'audit-log'].map((name) => queryClient.invalidateQueries({ queryKey: [name] }))),
  });
  return (
    <Modal opened={apiKey !== null} onClose={onClose} title="Revoke this key?">
      <Stack>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          <b>
            <ForeignText text={apiKey?.name ?? ''} />
          </b>{' '}
          ({apiKey?.prefix}…) is refused from the next request on, and console sessions that signed in with it end at
          once. This cannot be undone: whoever still needs access needs a new key.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it
          </Button>
          <Button color="red" loading={revoking.isPending} onClick={() => apiKey && revoking.mutate(apiKey)}>
            Revoke
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
