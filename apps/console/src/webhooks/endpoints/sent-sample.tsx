import { Text } from '@mantine/core';

/** Which sample was sent. */
export const SentSample = ({ type }: { readonly type: string }) => (
  <Text size="sm">
    A sample of <b style={{ overflowWrap: 'anywhere' }}>{type}</b> was sent, signed like every other.
  </Text>
);
