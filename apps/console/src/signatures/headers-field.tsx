import { Alert, Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { type ClipboardEvent, useState } from 'react';
import { type PastedRequest, parsePastedRequest } from './parse-pasted-request.ts';

interface Props {
  readonly value: string;
  readonly hasBody: boolean;
  readonly onChange: (value: string) => void;
  readonly onSplit: (request: PastedRequest) => void;
}

/** Whether what is pasted takes the place of all that stands in the field. */
const replacesAll = ({ value, selectionStart, selectionEnd }: HTMLTextAreaElement): boolean =>
  selectionStart === 0 && selectionEnd === value.length;

/** The request's headers; a whole request that is pasted here is split into headers and body. */
export function HeadersField({ value, hasBody, onChange, onSplit }: Props) {
  const [splitAs, setSplitAs] = useState<string | null>(null);
  const split = (request: PastedRequest): void => {
    setSplitAs(request.headers);
    onSplit(request);
  };
  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>): void => {
    // The clipboard still has the line ends, which the field would make LF.
    const request = parsePastedRequest(event.clipboardData.getData('text/plain'));
    if (!request || hasBody || !replacesAll(event.currentTarget)) return;
    event.preventDefault();
    split(request);
  };
  const whole = parsePastedRequest(value);
  return (
    <Stack gap="xs">
      <Textarea
        label="Request headers"
        description="One “Name: value” a line. Or paste a whole HTTP request or curl command: it is split for you."
        placeholder="X-Signature: …"
        autosize
        minRows={5}
        maxRows={14}
        spellCheck={false}
        autoCapitalize="off"
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        value={value}
        onPaste={onPaste}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <div role="status">
        {value === splitAs && <Text size="sm">The request was split into headers and body.</Text>}
      </div>
      {whole && (
        <Alert color="blue" role="status" title="This is a whole request">
          <Group>
            <Text size="sm">{hasBody ? 'Splitting it replaces the body below.' : 'Its body belongs below.'}</Text>
            <Button size="xs" variant="default" onClick={() => split(whole)}>
              Split into headers and body
            </Button>
          </Group>
        </Alert>
      )}
    </Stack>
  );
}
