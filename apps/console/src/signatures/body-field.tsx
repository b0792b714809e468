import { Alert, Button, Group, NativeSelect, Stack, Text, Textarea } from '@mantine/core';
import type { ClipboardEvent } from 'react';
import { formatCount } from '../show/format-count.ts';
import { bodyFacts, type LineEnds, withLineEnds, withoutLastBreak } from './body-facts.ts';

interface Props {
  /** With LF alone. */
  readonly value: string;
  readonly lineEnds: LineEnds;
  readonly onChange: (value: string) => void;
  /** All of it was replaced by a text as the clipboard had it. */
  readonly onPasteAll: (text: string) => void;
  readonly onLineEnds: (lineEnds: LineEnds) => void;
}

/** The exact body, and what of it cannot be seen in a text field. */
export function BodyField({ value, lineEnds, onChange, onPasteAll, onLineEnds }: Props) {
  const { bytes, breaks, endsWithBreak } = bodyFacts(withLineEnds(value, lineEnds));
  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>): void => {
    const { selectionStart, selectionEnd, value: before } = event.currentTarget;
    const text = event.clipboardData.getData('text/plain');
    if (text === '' || selectionStart !== 0 || selectionEnd !== before.length) return;
    event.preventDefault();
    onPasteAll(text);
  };
  return (
    <Stack gap="xs">
      <Textarea
        label="Body"
        description="Byte for byte as it arrived: not formatted, nothing added."
        autosize
        minRows={4}
        maxRows={14}
        spellCheck={false}
        autoCapitalize="off"
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', overflowWrap: 'anywhere' } }}
        value={value}
        onPaste={onPaste}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <Group justify="space-between" gap="xs">
        <Text size="sm">{formatCount(bytes)} bytes</Text>
        {breaks > 0 && (
          <NativeSelect
            size="xs"
            aria-label="Line ends of the body"
            value={lineEnds}
            onChange={(event) => onLineEnds(event.currentTarget.value === 'crlf' ? 'crlf' : 'lf')}
            data={[
              { value: 'lf', label: 'Lines end with LF' },
              { value: 'crlf', label: 'Lines end with CRLF' },
            ]}
          />
        )}
      </Group>
      {endsWithBreak && (
        <Alert color="yellow" role="status" title="The body ends with a line break">
          <Group>
            <Text size="sm">Editors and shells add one; Posthorn sends none.</Text>
            <Button size="xs" variant="default" onClick={() => onChange(withoutLastBreak(value))}>
              Remove it
            </Button>
          </Group>
        </Alert>
      )}
    </Stack>
  );
}
