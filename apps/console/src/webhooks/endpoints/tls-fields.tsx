import { Checkbox, Stack, Text, Textarea } from '@mantine/core';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import type { TlsDraft } from './tls-draft.ts';

interface Fields {
  readonly endpoint: Endpoint;
  readonly draft: TlsDraft;
  readonly onChange: (change: Partial<TlsDraft>) => void;
  readonly errorOf: (field: string) => string | undefined;
}

const PEM = '-----BEGIN CERTIFICATE-----';

function Authority({ endpoint, draft, onChange, errorOf }: Fields) {
  return (
    <>
      {endpoint.ca_certificate !== null && (
        <Checkbox
          label="Take its authority away: trust those that the system trusts"
          checked={draft.removesCa}
          onChange={({ currentTarget }) => onChange({ removesCa: currentTarget.checked })}
        />
      )}
      <Textarea
        label="Authority’s certificates (PEM)"
        description="The receiver’s certificate must be issued by one of these. Empty: as it is."
        placeholder={PEM}
        autosize
        minRows={2}
        maxRows={6}
        spellCheck={false}
        disabled={draft.removesCa}
        value={draft.ca}
        error={errorOf('ca_certificate')}
        onChange={({ currentTarget }) => onChange({ ca: currentTarget.value })}
      />
    </>
  );
}

function Client({ endpoint, draft, onChange, errorOf }: Fields) {
  return (
    <>
      {endpoint.client_certificate !== null && (
        <Checkbox
          label="Take its client certificate away"
          checked={draft.removesClient}
          onChange={({ currentTarget }) => onChange({ removesClient: currentTarget.checked })}
        />
      )}
      <Textarea
        label="Client certificate (PEM)"
        description="Shown to a receiver that asks for one (mTLS). Replaced together with its key."
        placeholder={PEM}
        autosize
        minRows={2}
        maxRows={6}
        spellCheck={false}
        disabled={draft.removesClient}
        value={draft.client}
        error={errorOf('client_certificate')}
        onChange={({ currentTarget }) => onChange({ client: currentTarget.value })}
      />
      <Textarea
        label="Its private key (PEM)"
        description="Not encrypted. It is kept sealed and never shown."
        placeholder="-----BEGIN PRIVATE KEY-----"
        autosize
        minRows={2}
        maxRows={6}
        spellCheck={false}
        autoComplete="off"
        disabled={draft.removesClient}
        value={draft.key}
        error={errorOf('client_key')}
        onChange={({ currentTarget }) => onChange({ key: currentTarget.value })}
      />
    </>
  );
}

/** Whom an endpoint must be certified by, and who Posthorn is to it. */
export const TlsFields = (props: Fields) => (
  <Stack>
    <Text fw={500} size="sm">
      TLS
    </Text>
    <Authority {...props} />
    <Client {...props} />
  </Stack>
);
