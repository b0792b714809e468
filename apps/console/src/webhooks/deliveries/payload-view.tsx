import { Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { CopyButton } from '../../show/copy-button.tsx';
import { prettyJson } from '../../show/pretty-json.ts';
import { TextBlock } from '../../show/text-block.tsx';

const views = [
  { value: 'pretty', label: 'Pretty' },
  { value: 'exact', label: 'Exact text' },
];

/** What is sent, readable or as it is signed. */
export function PayloadView({ payload }: { readonly payload: string }) {
  const [view, setView] = useState('pretty');
  const text = view === 'pretty' ? prettyJson(payload) : payload;
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <SegmentedControl
          size="xs"
          aria-label="How the payload is shown"
          data={views}
          value={view}
          onChange={setView}
        />
        <CopyButton text={text} />
      </Group>
      <TextBlock text={text} label="Payload" />
      <Text size="xs">Signatures are made over the exact text.</Text>
    </Stack>
  );
}
