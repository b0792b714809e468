import { Alert, Button, Checkbox, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { tenantScopes } from '@posthorn/domain/scopes';
import type { CreatedApiKey } from '@posthorn/http-api/api-key';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { createApiKey } from '../api/settings.ts';
import { FormDialog, useChangeGuard } from '../show/form-dialog.tsx';
import { expiryOf, type KeyLifetime, keyLifetimes } from './key-expiry.ts';
import { MadeKey } from './made-key.tsx';
import { scopeWords } from './scope-words.ts';

const NAME_MAX_CHARACTERS = 200;

interface FormProps {
  readonly tenantId: string;
  readonly onMade: (key: CreatedApiKey) => void;
}

function KeyForm({ tenantId, onMade }: FormProps) {
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<string[]>([]);
  const [lifetime, setLifetime] = useState<KeyLifetime>('never');
  const cancel = useChangeGuard(name !== '' || scopes.length > 0 || lifetime !== 'never');
  const making = useMutation({
    mutationFn: () =>
      createApiKey(tenantId, {
        name: name.trim(),
        scopes: tenantScopes.filter((scope) => scopes.includes(scope)),
        expires_at: expiryOf(lifetime, Date.now()),
      }),
    meta: { silent: true },
    // The answer holds the key: nothing keeps it but the dialog.
    gcTime: 0,
    onSuccess: (made) => {
      onMade(made);
      for (const changed of ['api-keys', 'audit-log']) void queryClient.invalidateQueries({ queryKey: [changed] });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        making.mutate();
      }}
    >
      <Stack>
        {making.error && (
          <Alert color="red" role="alert" title="The key was not made">
            {making.error.message}
          </Alert>
        )}
        <TextInput
          label="Name"
          description="Who will use it, for example billing service"
          required
          maxLength={NAME_MAX_CHARACTERS}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <Checkbox.Group
          label="Scopes"
          description="Only what it needs; a key’s scopes cannot be changed later"
          required
          value={scopes}
          onChange={setScopes}
        >
          <Stack gap="xs" mt="xs">
            {tenantScopes.map((scope) => (
              <Checkbox key={scope} value={scope} label={scope} description={scopeWords[scope]} />
            ))}
          </Stack>
        </Checkbox.Group>
        <NativeSelect
          label="Expires"
          data={keyLifetimes.map(({ value, label }) => ({ value, label }))}
          value={lifetime}
          onChange={(event) => setLifetime(event.currentTarget.value as KeyLifetime)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={cancel}>
            Cancel
          </Button>
          <Button type="submit" loading={making.isPending} disabled={name.trim() === '' || scopes.length === 0}>
            Create key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface Props {
  readonly opened: boolean;
  readonly tenantId: string;
  readonly onClose: () => void;
}

/** Makes a key and shows it, this once. */
export function CreateKey({ opened, tenantId, onClose }: Props) {
  const [made, setMade] = useState<CreatedApiKey | null>(null);
  const close = (): void => {
    setMade(null);
    onClose();
  };
  return (
    <FormDialog opened={opened} onClose={close} title={made ? 'The key, shown this once' : 'Create a key'}>
      {made ? <MadeKey made={made} onDone={close} /> : <KeyForm tenantId={tenantId} onMade={setMade} />}
    </FormDialog>
  );
}
