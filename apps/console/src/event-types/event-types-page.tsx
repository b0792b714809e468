import { Accordion, Badge, Button, Stack, Text, TextInput, Title } from '@mantine/core';
import type { EventType } from '@posthorn/http-api/event-type';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import { eventTypesQuery } from '../api/event-types.ts';
import { useMay } from '../shell/use-session.ts';
import { ForeignText } from '../show/foreign-text.tsx';
import { ListEmpty, ListFailed, ListLoading, NoResult } from '../show/list-states.tsx';
import { PageHead } from '../show/page-head.tsx';
import { useListKeys } from '../show/use-list-keys.ts';
import { DeleteEventType } from './delete-event-type.tsx';
import { EditEventType } from './edit-event-type.tsx';
import { EventTypeDetail } from './event-type-detail.tsx';
import type { EventTypeSearch } from './event-type-search.ts';
import styles from './event-types.module.css';
import { type EventTypeGroup, groupEventTypes } from './group-event-types.ts';

/** The catalog: what may be posted, and what it looks like. */
export function EventTypesPage() {
  const address = useSearch({ from: '/signed-in/event-types' });
  const navigate = useNavigate();
  const mayWrite = useMay('webhooks:write');
  const types = useQuery(eventTypesQuery);
  const [dialog, setDialog] = useState<Dialog>({ kind: 'add' });
  const [opened, setOpened] = useState(false);
  const show = (changed: EventTypeSearch): void =>
    void navigate({ to: '/event-types', search: changed, replace: true, resetScroll: false });
  const open = (chosen: Dialog): void => {
    setDialog(chosen);
    setOpened(true);
  };
  const close = (): void => setOpened(false);
  return (
    <>
      <PageHead title="Event types">
        {mayWrite && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => open({ kind: 'add' })}>
            Add event type
          </Button>
        )}
      </PageHead>
      {types.data ? (
        <Stack>
          {types.data.length > 0 && <SearchField address={address} onChange={show} />}
          <Catalog
            types={types.data}
            search={address.search ?? ''}
            openName={address.type ?? null}
            onOpen={(name) => show({ ...address, type: name ?? undefined })}
            onClear={() => show({})}
            onEdit={mayWrite ? (type) => open({ kind: 'edit', type }) : null}
            onDelete={mayWrite ? (type) => open({ kind: 'delete', type }) : null}
          />
          <EditEventType
            opened={opened && dialog.kind !== 'delete'}
            edited={dialog.kind === 'add' ? null : dialog.type}
            types={types.data}
            onClose={close}
            onSaved={(name) => show({ type: name })}
          />
        </Stack>
      ) : types.error ? (
        <ListFailed error={types.error} onRetry={() => void types.refetch()} />
      ) : (
        <ListLoading />
      )}
      {dialog.kind === 'delete' && <DeleteEventType opened={opened} name={dialog.type.name} onClose={close} />}
    </>
  );
}

/** What is done with a type in a dialog. */
type Dialog = { readonly kind: 'add' } | { readonly kind: 'edit' | 'delete'; readonly type: EventType };

interface SearchFieldProps {
  readonly address: EventTypeSearch;
  readonly onChange: (changed: EventTypeSearch) => void;
}

function SearchField({ address, onChange }: SearchFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  useListKeys({ '/': () => field.current?.focus() });
  return (
    <TextInput
      ref={field}
      type="search"
      maw={420}
      label="Search by name or description"
      leftSection={<IconSearch size={16} aria-hidden />}
      value={address.search ?? ''}
      onChange={({ currentTarget: { value } }) => onChange({ ...address, search: value === '' ? undefined : value })}
    />
  );
}

interface CatalogProps {
  readonly types: readonly EventType[];
  readonly search: string;
  readonly openName: string | null;
  readonly onOpen: (name: string | null) => void;
  readonly onClear: () => void;
  /** `null`: this key may not change types. */
  readonly onEdit: ((type: EventType) => void) | null;
  readonly onDelete: ((type: EventType) => void) | null;
}

function Catalog({ types, search, onClear, ...rest }: CatalogProps) {
  const groups = useMemo(() => groupEventTypes(types, search), [types, search]);
  if (types.length === 0) {
    return (
      <ListEmpty title="No event type yet">
        <Text>
          The profile of this tenant brings none. {rest.onEdit ? 'Add' : 'Somebody whose key has webhooks:write adds'}{' '}
          one, so that events of it can be posted.
        </Text>
      </ListEmpty>
    );
  }
  if (groups.length === 0) return <NoResult onClear={onClear} />;
  return (
    <Stack gap="lg">
      {groups.map((group) => (
        <Group key={group.name} group={group} {...rest} />
      ))}
    </Stack>
  );
}

type GroupProps = Omit<CatalogProps, 'types' | 'search' | 'onClear'> & { readonly group: EventTypeGroup };

function Group({ group, openName, onOpen, onEdit, onDelete }: GroupProps) {
  return (
    <section>
      <Title order={2} size="h5" mb="xs">
        <bdi>{group.name}</bdi>{' '}
        <Text span size="sm" c="dimmed">
          {group.types.length === 1 ? '1 type' : `${group.types.length} types`}
        </Text>
      </Title>
      <Accordion variant="contained" order={3} value={openName} onChange={onOpen}>
        {group.types.map((type) => (
          <Accordion.Item key={type.name} value={type.name}>
            <Accordion.Control>
              <span className={styles['head']}>
                <bdi className={styles['name']}>{type.name}</bdi>
                {type.source === 'tenant' && (
                  <Badge variant="light" color="blue" tt="none" size="sm">
                    own
                  </Badge>
                )}
              </span>
              <Text size="sm" c="dimmed" className={styles['description']}>
                <ForeignText text={type.description} />
              </Text>
            </Accordion.Control>
            <Accordion.Panel>
              {type.name === openName && <EventTypeDetail type={type} onEdit={onEdit} onDelete={onDelete} />}
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </section>
  );
}
