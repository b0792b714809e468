import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconCheck, IconCopy, IconKey } from '@tabler/icons-react';
import { useRef } from 'react';
import { useCopy } from '../../show/use-copy.ts';
import classes from './endpoints.module.css';

/** A secret while it can be seen. @param onCopied told when it was copied, by the button or by hand */
export function SecretOnce({ secret, onCopied }: { readonly secret: string; readonly onCopied: () => void }) {
  const { copied, hasFailed, copy } = useCopy();
  const text = useRef<HTMLElement>(null);
  const copySecret = async (): Promise<void> => {
    if (await copy(secret)) onCopied();
    else if (text.current) window.getSelection()?.selectAllChildren(text.current);
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
            data-autofocus
            leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
            onClick={() => void copySecret()}
          >
            {copied ? 'Copied' : 'Copy'}
          </Button>
          {hasFailed && (
            <Text size="sm" role="status">
              The browser did not let it be copied. Select it and press Ctrl+C (⌘C); it is selected now.
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
