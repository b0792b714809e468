import { Text } from '@mantine/core';
import { useContext } from 'react';
import { ReplayedContext } from './replayed-context.ts';

/** Marks a delivery that was replayed already. */
export function ReplayedNote({ id }: { readonly id: string }) {
  const { ids } = useContext(ReplayedContext);
  if (!ids.has(id)) return null;
  return (
    <Text size="xs" fs="italic" span flex="none">
      replayed
    </Text>
  );
}
