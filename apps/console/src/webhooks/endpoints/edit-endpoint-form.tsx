import type { Endpoint } from '@posthorn/http-api/endpoint';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { updateEndpoint } from '../../api/endpoints.ts';
import { useChangeGuard } from '../../show/form-dialog.tsx';
import { changesOf, draftOf, draftProblems, type EndpointDraft } from './endpoint-draft.ts';
import { EndpointFields, endpointFieldNames } from './endpoint-fields.tsx';
import { FormEnd } from './form-end.tsx';
import { readFieldErrors } from './read-field-errors.ts';
import { type TlsDraft, tlsChangesOf, unchangedTls } from './tls-draft.ts';
import { TlsFields } from './tls-fields.tsx';
import { useEndpointChange } from './use-endpoint-change.ts';
import { useFocusOnError } from './use-focus-on-error.ts';

const FIELDS = [...endpointFieldNames, 'ca_certificate', 'client_certificate', 'client_key'];

/** What can be said of an endpoint, to be changed. */
export function EditEndpointForm({ endpoint, onClose }: { readonly endpoint: Endpoint; readonly onClose: () => void }) {
  // As it was when the form was opened: the page reads the endpoint again all the time.
  const [before] = useState(endpoint);
  const [draft, setDraft] = useState<EndpointDraft>(() => draftOf(endpoint));
  const [tls, setTls] = useState<TlsDraft>(unchangedTls);
  const [own, setOwn] = useState<Readonly<Record<string, string>>>({});
  const onChanged = useEndpointChange(endpoint.id);
  const changes = { ...changesOf(before, draft), ...tlsChangesOf(tls) };
  const cancel = useChangeGuard(Object.keys(changes).length > 0);
  // Nothing is handed to the mutation: it would be kept, with a private key in it.
  const saving = useMutation({
    meta: { silent: true },
    mutationFn: () => updateEndpoint(endpoint.id, changes),
    onSuccess: (changed) => {
      onChanged(changed);
      onClose();
    },
  });
  const errors = readFieldErrors(saving.error, FIELDS);
  const errorOf = (field: string): string | undefined => own[field] ?? errors.of(field);
  const begin = (): void => {
    setOwn({});
    if (saving.isError) saving.reset();
  };
  const form = useFocusOnError(Object.keys(own).length > 0 ? own : saving.error);
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const problems = draftProblems(draft);
    setOwn(problems);
    if (Object.keys(problems).length === 0) saving.mutate();
  };
  return (
    <form ref={form} onSubmit={onSubmit} noValidate>
      <EndpointFields
        draft={draft}
        errorOf={errorOf}
        headerNames={Object.keys(before.headers)}
        onChange={(change) => {
          setDraft((last) => ({ ...last, ...change }));
          begin();
        }}
      >
        <TlsFields
          endpoint={before}
          draft={tls}
          errorOf={errorOf}
          onChange={(change) => {
            setTls((last) => ({ ...last, ...change }));
            begin();
          }}
        />
      </EndpointFields>
      <FormEnd
        errors={errors.rest}
        label="Save"
        isPending={saving.isPending}
        isDisabled={Object.keys(changes).length === 0}
        onCancel={cancel}
      />
    </form>
  );
}
