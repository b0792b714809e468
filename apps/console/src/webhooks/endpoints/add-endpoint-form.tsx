import { Radio, Stack } from '@mantine/core';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { type CreatedEndpoint, createEndpoint } from '../../api/endpoints.ts';
import { profilesQuery } from '../../api/profiles.ts';
import { useSession } from '../../shell/use-session.ts';
import { useChangeGuard } from '../../show/form-dialog.tsx';
import { isChanged } from '../../show/is-changed.ts';
import { bodyOf, draftProblems, type EndpointDraft, emptyDraft } from './endpoint-draft.ts';
import { EndpointFields, endpointFieldNames } from './endpoint-fields.tsx';
import { FormEnd } from './form-end.tsx';
import { readFieldErrors } from './read-field-errors.ts';
import { useFocusOnError } from './use-focus-on-error.ts';

type Algorithm = Endpoint['signature_algorithm'];
const USUAL_ALGORITHM: Algorithm = 'hmac-sha256';

/** Whether the tenant's profile knows key pairs; not known for the operator, whose tenant may have any. */
function useMayHaveKeyPair(): boolean {
  const { profile } = useSession();
  const { data } = useQuery(profilesQuery);
  const own = data?.find(({ name }) => name === profile);
  return own === undefined || own.signature.key_pair !== null;
}

function AlgorithmField({
  value,
  onChange,
  error,
}: {
  readonly value: Algorithm;
  readonly onChange: (algorithm: Algorithm) => void;
  readonly error: string | undefined;
}) {
  const mayHaveKeyPair = useMayHaveKeyPair();
  return (
    <Radio.Group label="Signed with" value={value} error={error} onChange={onChange}>
      <Stack gap="xs" mt="xs">
        <Radio value="hmac-sha256" label="hmac-sha256: a secret that your receiver shares" />
        <Radio
          value="ed25519"
          label="ed25519: a key pair; your receiver holds the public key alone"
          disabled={!mayHaveKeyPair}
          description={
            mayHaveKeyPair ? undefined : 'The tenant’s profile knows no key pairs, as standard-webhooks does.'
          }
        />
      </Stack>
    </Radio.Group>
  );
}

/** What an endpoint is made from. */
export function AddEndpointForm({ onCreated }: { readonly onCreated: (endpoint: CreatedEndpoint) => void }) {
  const [draft, setDraft] = useState<EndpointDraft>(emptyDraft);
  const [algorithm, setAlgorithm] = useState<Algorithm>(USUAL_ALGORITHM);
  const cancel = useChangeGuard(isChanged(emptyDraft, draft) || algorithm !== USUAL_ALGORITHM);
  const [own, setOwn] = useState<Readonly<Record<string, string>>>({});
  // Nothing is handed to the mutation or comes out of it: both would be kept, with the secrets in them.
  const adding = useMutation({
    meta: { silent: true },
    mutationFn: async (): Promise<void> => {
      const chosen = algorithm === 'ed25519' ? { signature_algorithm: algorithm } : {};
      onCreated(await createEndpoint({ ...bodyOf(draft), ...chosen }));
    },
  });
  const errors = readFieldErrors(adding.error, [...endpointFieldNames, 'signature_algorithm']);
  const errorOf = (field: string): string | undefined => own[field] ?? errors.of(field);
  const onChange = (change: Partial<EndpointDraft>): void => {
    setDraft((before) => ({ ...before, ...change }));
    setOwn({});
    if (adding.isError) adding.reset();
  };
  const form = useFocusOnError(Object.keys(own).length > 0 ? own : adding.error);
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const problems = draftProblems(draft);
    setOwn(problems);
    if (Object.keys(problems).length === 0) adding.mutate();
  };
  return (
    <form ref={form} onSubmit={onSubmit} noValidate>
      <EndpointFields draft={draft} onChange={onChange} errorOf={errorOf} headerNames={null}>
        <AlgorithmField value={algorithm} onChange={setAlgorithm} error={errorOf('signature_algorithm')} />
      </EndpointFields>
      <FormEnd errors={errors.rest} label="Add endpoint" isPending={adding.isPending} onCancel={cancel} />
    </form>
  );
}
