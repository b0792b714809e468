import { Alert, PasswordInput, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { endpointsQuery } from '../api/endpoints.ts';
import { spellInvisible } from '../show/mark-invisible.ts';

/** What the signature is checked with. */
export type ChosenSecret =
  | { readonly from: 'endpoint'; readonly endpointId: string | null }
  | { readonly from: 'pasted'; readonly text: string };

interface Props {
  readonly value: ChosenSecret;
  readonly onChange: (value: ChosenSecret) => void;
}

function EndpointSelect({
  endpointId,
  onChoose,
}: {
  endpointId: string | null;
  onChoose: (id: string | null) => void;
}) {
  const endpoints = useQuery(endpointsQuery);
  if (endpoints.error) {
    return (
      <Alert color="red" title="The endpoints could not be loaded">
        {endpoints.error.message} Paste the secret instead.
      </Alert>
    );
  }
  const rows = endpoints.data?.rows ?? [];
  if (endpoints.isSuccess && rows.length === 0) {
    return <Text size="sm">There is no endpoint yet. Paste a secret, or add an endpoint in Webhooks first.</Text>;
  }
  return (
    <Select
      label="Endpoint"
      description="Its stored secrets are used, both while one is rotated; they are not shown."
      placeholder={endpoints.isPending ? 'Loading…' : 'Choose an endpoint'}
      searchable
      clearable
      data={rows.map(({ id, url, description }) => ({
        value: id,
        label: spellInvisible(description ? `${url} (${description})` : url),
      }))}
      value={endpointId}
      onChange={onChoose}
      nothingFoundMessage="No such endpoint"
    />
  );
}

/** An endpoint's stored secrets, or one that is pasted, which is sent with the check and kept nowhere. */
export function SecretField({ value, onChange }: Props) {
  return (
    <Stack gap="xs">
      <SegmentedControl
        aria-label="Check with"
        value={value.from}
        onChange={(from) =>
          onChange(from === 'pasted' ? { from: 'pasted', text: '' } : { from: 'endpoint', endpointId: null })
        }
        data={[
          { value: 'endpoint', label: 'An endpoint’s secret' },
          { value: 'pasted', label: 'A secret I paste' },
        ]}
      />
      {value.from === 'endpoint' ? (
        <EndpointSelect
          endpointId={value.endpointId}
          onChoose={(endpointId) => onChange({ from: 'endpoint', endpointId })}
        />
      ) : (
        <PasswordInput
          label="Secret"
          description="What the receiver verifies with; of a key pair the public key. It is sent for this check and kept nowhere."
          autoComplete="off"
          data-1p-ignore
          spellCheck={false}
          value={value.text}
          onChange={(event) => onChange({ from: 'pasted', text: event.currentTarget.value })}
        />
      )}
    </Stack>
  );
}
