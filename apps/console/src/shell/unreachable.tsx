import { Alert } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';
import { readSilence, subscribeToSilence } from '../api/reachable.ts';
import { ExactTime } from '../show/time.tsx';

/** Says that what the page shows may be old. */
export function Unreachable() {
  const since = useSyncExternalStore(subscribeToSilence, readSilence);
  if (since === null) return null;
  return (
    <Alert color="red" role="alert" mb="md" icon={<IconPlugConnectedX aria-hidden />} title="The API does not answer">
      What you see is as of <ExactTime at={new Date(since).toISOString()} />. It is asked again by itself.
    </Alert>
  );
}
