import { Group, Stack } from '@mantine/core';
import { CopyButton } from '../../show/copy-button.tsx';
import classes from './endpoints.module.css';

/** Keys that anybody may see. */
export function PublicKeys({ keys }: { readonly keys: readonly string[] }) {
  return (
    <Stack gap="xs">
      {keys.map((key) => (
        <Group key={key} gap="xs" align="flex-start">
          <code className={classes['secret']} translate="no">
            {key}
          </code>
          <CopyButton text={key} />
        </Group>
      ))}
    </Stack>
  );
}
