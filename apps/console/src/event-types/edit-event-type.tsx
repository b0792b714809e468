import { Alert, Button, Group, Stack, Textarea, TextInput } from '@mantine/core';
import type { BreakingChange } from '@posthorn/domain/event-type/breaking-change';
import type { EventType } from '@posthorn/http-api/event-type';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { ApiError } from '../api/client.ts';
import { putEventType } from '../api/event-types.ts';
import { FormDialog, useChangeGuard } from '../show/form-dialog.tsx';
import { isChanged } from '../show/is-changed.ts';
import { ChangeList } from './change-list.tsx';
import { checkEventType } from './check-event-type.ts';
import { findBreakingChanges } from './find-breaking-changes.ts';
import { type EventTypeDraft, writeEventType } from './write-event-type.ts';

const CONFLICT = 409;

interface Dialog {
  readonly opened: boolean;
  /** `null`: a new one is added. */
  readonly edited: EventType | null;
  readonly types: readonly EventType[];
  readonly onClose: () => void;
  readonly onSaved: (name: string) => void;
}

/** Adds one of the tenant's own types, or changes it. */
export function EditEventType({ opened, edited, types, onClose, onSaved }: Dialog) {
  return (
    <FormDialog
      opened={opened}
      onClose={onClose}
      title={edited ? `Edit ${edited.name}` : 'Add event type'}
      size="lg"
      keepMounted={false}
      styles={{ title: { overflowWrap: 'anywhere' } }}
    >
      <EditForm edited={edited} types={types} onClose={onClose} onSaved={onSaved} />
    </FormDialog>
  );
}

const textOf = (value: unknown): string =>
  value === null || value === undefined ? '' : JSON.stringify(value, null, 2);

const draftOf = (edited: EventType | null): EventTypeDraft => ({
  name: edited?.name ?? '',
  description: edited?.description ?? '',
  schema: textOf(edited?.schema),
  sample: textOf(edited?.sample),
});

type Outcome =
  | { readonly kind: 'saved'; readonly name: string }
  | { readonly kind: 'breaks'; readonly changes: readonly BreakingChange[] };

interface Saving {
  readonly draft: EventTypeDraft;
  /** Whether it is saved although it breaks somebody. */
  readonly anyway: boolean;
}

async function save(edited: EventType | null, { draft, anyway }: Saving): Promise<Outcome> {
  const schema = draft.schema.trim() === '' ? null : (JSON.parse(draft.schema) as unknown);
  const changes = edited && !anyway ? await findBreakingChanges(edited.schema, schema) : [];
  if (changes && changes.length > 0) return { kind: 'breaks', changes };
  // Somebody else may have changed it meanwhile: the API compares once more.
  await putEventType(draft.name, writeEventType(draft, edited !== null && !anyway));
  return { kind: 'saved', name: draft.name };
}

/** It is saved at once only if it breaks nobody; else what it breaks is told, and whoever insists saves it anyway. */
function useSaving(edited: EventType | null, onSaved: (name: string) => void) {
  const queryClient = useQueryClient();
  const saving = useMutation({
    meta: { silent: true },
    mutationFn: (variables: Saving) => save(edited, variables),
    onSuccess: async (outcome) => {
      if (outcome.kind === 'breaks') return;
      await queryClient.invalidateQueries({ queryKey: ['event-types'] });
      onSaved(outcome.name);
    },
  });
  const { data, error, variables } = saving;
  const isConflict = error instanceof ApiError && error.status === CONFLICT && edited !== null && !variables?.anyway;
  const changes = data?.kind === 'breaks' ? data.changes : null;
  return { saving, changes, mayInsist: changes !== null || isConflict };
}

function EditForm({ edited, types, onClose, onSaved }: Omit<Dialog, 'opened'>) {
  const [before] = useState(() => draftOf(edited));
  const [draft, setDraft] = useState(before);
  const cancel = useChangeGuard(isChanged(before, draft));
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const { saving, changes, mayInsist } = useSaving(edited, (name) => {
    onSaved(name);
    onClose();
  });
  const taken = new Set(edited ? [] : types.map(({ name }) => name));
  const problems = checkEventType(draft, taken);
  const isSound = Object.values(problems).every((problem) => problem === null);
  const change = (changed: Partial<EventTypeDraft>): void => {
    setDraft({ ...draft, ...changed });
    saving.reset();
  };
  const fieldOf = (name: keyof EventTypeDraft) => ({
    value: draft[name],
    error: left.has(name) ? problems[name] : null,
    onBlur: () => setLeft(new Set([...left, name])),
    onChange: ({ currentTarget: { value } }: { readonly currentTarget: { readonly value: string } }) =>
      change({ [name]: value }),
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setLeft(new Set(Object.keys(draft)));
    if (isSound) saving.mutate({ draft, anyway: false });
  };
  const json = {
    autosize: true,
    minRows: 4,
    maxRows: 14,
    spellCheck: false,
    styles: { input: { fontFamily: 'var(--mantine-font-family-monospace)' } },
  } as const;
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {!edited && (
          <TextInput
            label="Name"
            description="For example invoice.paid. The part before the first dot is its group."
            required
            data-autofocus
            {...fieldOf('name')}
          />
        )}
        <TextInput label="Description" description="When it is sent, in a sentence." {...fieldOf('description')} />
        <Textarea
          label="JSON Schema of data"
          description="Draft 2020-12. Events that do not fit are refused. Empty: any JSON is accepted."
          {...json}
          {...fieldOf('schema')}
        />
        <Textarea
          label="Sample of data"
          description="What test events send. Empty: none."
          {...json}
          {...fieldOf('sample')}
        />
        {changes && (
          <Alert color="yellow" role="alert" title="Nothing is saved yet: this breaks something">
            <ChangeList changes={changes} />
          </Alert>
        )}
        {saving.error && (
          <Alert
            color={mayInsist ? 'yellow' : 'red'}
            role="alert"
            title={mayInsist ? 'Nothing is saved yet' : 'It was not saved'}
            styles={{ message: { overflowWrap: 'anywhere' } }}
          >
            {saving.error.message}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={cancel}>
            Cancel
          </Button>
          {mayInsist ? (
            <Button color="red.8" loading={saving.isPending} onClick={() => saving.mutate({ draft, anyway: true })}>
              Save it anyway
            </Button>
          ) : (
            <Button type="submit" loading={saving.isPending}>
              Save
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}
