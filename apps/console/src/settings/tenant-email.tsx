import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { setTenantEmail } from '../api/settings.ts';

/** Changes whom a tenant's mails go to; for the operator. */
export function TenantEmail({ tenantId, email }: { readonly tenantId: string; readonly email: string | null }) {
  const queryClient = useQueryClient();
  const [text, setText] = useState(email ?? '');
  const wanted = text.trim() === '' ? null : text.trim();
  const saving = useMutation({
    mutationFn: () => setTenantEmail(tenantId, wanted),
    meta: { silent: true },
    onSuccess: async () => {
      notifications.show({ message: wanted === null ? 'Nobody is mailed now.' : `Mails go to ${wanted} now.` });
      await Promise.all(
        [['tenant', tenantId], ['audit-log']].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
      );
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate();
      }}
    >
      <Stack gap="xs">
        {email === null && (
          <Alert color="yellow" role="note" title="Nobody is mailed">
            This tenant has no e-mail address, so it will not hear of an endpoint that was disabled.
          </Alert>
        )}
        {saving.error && (
          <Alert color="red" role="alert" title="The address was not saved">
            {saving.error.message}
          </Alert>
        )}
        <Group align="flex-end">
          <TextInput
            label="E-mail address"
            type="email"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            w={{ base: '100%', xs: 320 }}
          />
          <Button type="submit" loading={saving.isPending} disabled={wanted === email}>
            Save
          </Button>
        </Group>
        <Text size="sm">Leave it empty to mail nobody.</Text>
      </Stack>
    </form>
  );
}
