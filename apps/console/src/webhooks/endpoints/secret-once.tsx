import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy, IconKey } from '@tabler/icons-react';
import { useRef } from 'react';
import classes from './endpoints.module.css';

/** A secret while it can be seen. @param onCopied told when it was copied, by the button or by hand */
export function SecretOnce({ secret, onCopied }: { readonly secret: string; readonly onCopied: () => void }) {
  const clipboard = useClipboard();
  const text = useRef<HTMLElement>(null);
  const copy = (): void => {
    // Selected as well: without TLS a page has no clipboard, and then a key press copies it.
    if (text.current) window.getSelection()?.selectAllChildren(text.current);
    clipboard.copy(secret);
    onCopied();
  };
  return (
    <Alert variant="outline" color="orange" icon={<IconKey aria-hidden />} title="The signing secret, shown this once">
      <Stack gap="xs">
        <code ref={text} className={classes['secret']} onCopy={onCopied} translate="no">
          {secret}
        </code>
        <Group gap="sm">
          <Button
            size="xs"
            leftSection={clipboard.copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
            onClick={copy}
          >
            {clipboard.copied ? 'Copied' : 'Copy'}
          </Button>
          {clipboard.error && (
            <Text size="sm" role="status">
              The browser did not let it be copied. It is selected: press Ctrl+C or ⌘C.
            </Text>
          )}
        </Group>
        <Text size="sm">
          It will not be shown again. Keep it where your receiver reads it; whoever has it can sign in our name. If it
          gets lost, rotate it.
        </Text>
      </Stack>
    </Alert>
  );
}
