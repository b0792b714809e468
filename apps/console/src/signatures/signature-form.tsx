import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import { profilesQuery } from '../api/profiles.ts';
import { checkSignature, type RecordedRequest, type SignatureQuestion } from '../api/signature-checks.ts';
import { type LineEnds, lineEndsOf, withLineEnds } from './body-facts.ts';
import { BodyField } from './body-field.tsx';
import { CheckResult } from './check-result.tsx';
import { headerLines, maskedSignatures } from './header-lines.ts';
import { HeadersField } from './headers-field.tsx';
import { LoadExample } from './load-example.tsx';
import { MaskedSignature } from './masked-signature.tsx';
import type { PastedRequest } from './parse-pasted-request.ts';
import { readMoment } from './read-moment.ts';
import { type ChosenSecret, SecretField } from './secret-field.tsx';

interface Fields {
  readonly headers: string;
  /** With LF alone, as a text field has it. */
  readonly body: string;
  readonly lineEnds: LineEnds;
  readonly secret: ChosenSecret;
  readonly arrived: string;
}

const EMPTY: Fields = {
  headers: '',
  body: '',
  lineEnds: 'lf',
  secret: { from: 'endpoint', endpointId: null },
  arrived: '',
};

/** What is asked, or what is missing for it. */
function questionOf({ headers, body, lineEnds, secret, arrived }: Fields): SignatureQuestion | string {
  const moment = readMoment(arrived);
  if (headers.trim() === '') return 'Paste the headers first.';
  if ('problem' in moment) return `${moment.problem}.`;
  const common = { headers, body: withLineEnds(body, lineEnds), ...(moment.at !== undefined && { now: moment.at }) };
  if (secret.from === 'pasted') return secret.text === '' ? 'Paste the secret.' : { ...common, secret: secret.text };
  return secret.endpointId === null ? 'Choose an endpoint.' : { ...common, endpoint_id: secret.endpointId };
}

const fieldsOfRecord = ({ payload, attempt, endpointId }: RecordedRequest): Partial<Fields> => ({
  headers: attempt ? headerLines(attempt.request_headers ?? {}) : '',
  body: payload,
  lineEnds: lineEndsOf(payload),
  secret: { from: 'endpoint', endpointId },
  arrived: attempt?.started_at ?? '',
});

/** A request and a secret, and whether they fit. Nothing of it is kept. */
export function SignatureForm() {
  const [fields, setFields] = useState(EMPTY);
  const checking = useMutation({ mutationFn: checkSignature, meta: { silent: true }, gcTime: 0 });
  const question = questionOf(fields);
  const { data: profiles = [] } = useQuery(profilesQuery);
  const masked = maskedSignatures(
    fields.headers,
    profiles.map(({ signature }) => signature),
  );
  const [isRefused, setRefused] = useState(false);
  const moment = readMoment(fields.arrived);
  const change = (part: Partial<Fields>): void => {
    setFields((before) => ({ ...before, ...part }));
    checking.reset();
    setRefused(false);
  };
  const takeBody = (body: string): Partial<Fields> => ({
    body: body.replaceAll('\r\n', '\n'),
    lineEnds: lineEndsOf(body),
  });
  const split = ({ headers, body }: PastedRequest): void => change({ headers, ...takeBody(body) });
  const check = (): void => {
    if (typeof question === 'string') return;
    if (masked.length > 0) setRefused(true);
    else checking.mutate(question);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) check();
  };
  return (
    <>
      <LoadExample headers={fields.headers} onLoaded={(recorded) => change(fieldsOfRecord(recorded))} />
      <form
        onKeyDown={onKeyDown}
        onSubmit={(event) => {
          event.preventDefault();
          check();
        }}
      >
        <Stack>
          <HeadersField
            value={fields.headers}
            hasBody={fields.body !== ''}
            onChange={(headers) => change({ headers })}
            onSplit={split}
          />
          <BodyField
            value={fields.body}
            lineEnds={fields.lineEnds}
            onChange={(body) => change({ body })}
            onPasteAll={(text) => change(takeBody(text))}
            onLineEnds={(lineEnds) => change({ lineEnds })}
          />
          <SecretField value={fields.secret} onChange={(secret) => change({ secret })} />
          <TextInput
            label="When it arrived"
            description="Empty: now. Signatures with a time hold for 5 minutes."
            placeholder="2026-07-02T12:00:00Z, or unix seconds"
            value={fields.arrived}
            onChange={(event) => change({ arrived: event.currentTarget.value })}
            error={'problem' in moment && moment.problem}
          />
          <Group>
            <Button type="submit" loading={checking.isPending} disabled={typeof question === 'string'}>
              Check signature
            </Button>
            {typeof question === 'string' && <Text size="sm">{question}</Text>}
          </Group>
        </Stack>
      </form>
      {checking.error && (
        <Alert color="red" role="alert" title="The signature could not be checked">
          {checking.error.message}
        </Alert>
      )}
      <div role="status">
        {isRefused && <MaskedSignature names={masked} />}
        {checking.data && <CheckResult diagnosis={checking.data} />}
      </div>
    </>
  );
}
