import { Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { Copier } from './copier.tsx';

/** Copies a text. @param label what stands on it; default: Copy @param onCopied told when it is on the clipboard */
export function CopyButton({
  text,
  label = 'Copy',
  onCopied,
}: {
  readonly text: string;
  readonly label?: string;
  readonly onCopied?: () => void;
}) {
  return (
    <Copier value={text} onCopied={onCopied}>
      {({ copied, copy }) => (
        <Button
          variant="default"
          size="xs"
          leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
          onClick={copy}
        >
          {copied ? 'Copied' : label}
        </Button>
      )}
    </Copier>
  );
}
