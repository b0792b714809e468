import { Group, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { CopyButton } from '../show/copy-button.tsx';
import { formatCount } from '../show/format-count.ts';
import { prettyJson } from '../show/pretty-json.ts';
import { TextBlock } from '../show/text-block.tsx';

const PAYLOAD_MAX_PX = 480;

/** The text that every delivery sends, to be read or exactly as it is. Copied is what is sent. */
export function Payload({ text }: { readonly text: string }) {
  const [shown, setShown] = useState('pretty');
  const bytes = new TextEncoder().encode(text).length;
  return (
    <Stack gap="xs" component="section">
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Title order={2} size="h5">
            Payload
          </Title>
          <Text size="xs" c="dimmed">
            {formatCount(bytes)} bytes
          </Text>
        </Group>
        <Group gap="xs">
          <SegmentedControl
            aria-label="How the payload is shown"
            size="xs"
            data={[
              { value: 'pretty', label: 'Pretty' },
              { value: 'exact', label: 'As sent' },
            ]}
            value={shown}
            onChange={setShown}
          />
          <CopyButton text={text} />
        </Group>
      </Group>
      <TextBlock text={shown === 'pretty' ? prettyJson(text) : text} label="Payload" maxHeight={PAYLOAD_MAX_PX} />
    </Stack>
  );
}
