import { Button, Group, Stack, Text } from '@mantine/core';
import type { CreatedApiKey } from '@posthorn/http-api/api-key';
import { useState } from 'react';
import { CopyButton } from '../show/copy-button.tsx';
import { ForeignText } from '../show/foreign-text.tsx';
import { useCopyGuard } from '../show/form-dialog.tsx';
import { TextBlock } from '../show/text-block.tsx';

/** The form that had the focus is gone; none of the buttons gets it, so that a second Enter closes nothing. */
const takeFocus = (place: HTMLElement | null): void => place?.focus();

/** A new key, which nothing shows again. */
export function MadeKey({ made, onDone }: { readonly made: CreatedApiKey; readonly onDone: () => void }) {
  const [isCopied, setCopied] = useState(false);
  const note = (): void => setCopied(true);
  useCopyGuard(isCopied);
  return (
    <Stack ref={takeFocus} tabIndex={-1} data-autofocus onCopy={note} style={{ outline: 'none' }}>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }} role="status">
        <b>
          <ForeignText text={made.name} />
        </b>{' '}
        was made. Copy it now and keep it where secrets are kept: it cannot be shown again.
      </Text>
      <TextBlock text={made.api_key} label="The key" />
      <Group justify="space-between">
        <CopyButton text={made.api_key} onCopied={note} />
        <Button onClick={onDone}>I have stored it</Button>
      </Group>
    </Stack>
  );
}
