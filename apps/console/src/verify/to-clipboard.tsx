import { ActionIcon, Tooltip } from '@mantine/core';
import { IconCheck, IconClipboard } from '@tabler/icons-react';
import { Copier } from '../show/copier.tsx';

/**
 * A small button that copies. Its name does not begin with Copy: where a secret stands beside it, that button is the
 * secret's.
 *
 * @param what for example `Code`
 */
export function ToClipboard({ text, what }: { readonly text: string; readonly what: string }) {
  return (
    <Copier value={text}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'It is on the clipboard' : `${what} to the clipboard`}>
          <ActionIcon variant="default" aria-label={`${what} to the clipboard`} onClick={copy}>
            {copied ? <IconCheck size={16} aria-hidden /> : <IconClipboard size={16} aria-hidden />}
          </ActionIcon>
        </Tooltip>
      )}
    </Copier>
  );
}
