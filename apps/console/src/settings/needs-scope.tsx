import { Alert, Code } from '@mantine/core';
import type { Scope } from '@posthorn/domain/scopes';
import { IconLock } from '@tabler/icons-react';

/** In the place of what the key that signed in may not see. */
export function NeedsScope({ scope, what }: { readonly scope: Scope; readonly what: string }) {
  return (
    <Alert color="blue" role="note" icon={<IconLock aria-hidden />} title={`This key may not see ${what}`}>
      It lacks the scope <Code>{scope}</Code>. Ask the operator for a key that has it, and sign in with that.
    </Alert>
  );
}
