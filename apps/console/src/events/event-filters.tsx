import { Autocomplete, Button, Group, TextInput } from '@mantine/core';
import { IconSearch, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type RefObject, useState } from 'react';
import { eventTypesQuery } from '../api/event-types.ts';
import { viewOfId } from '../shell/view-of-id.ts';
import { useZone } from '../show/use-zone.ts';
import type { EventFilter } from './event-filter.ts';
import styles from './event-table.module.css';
import { readEventSearch } from './read-event-search.ts';
import { readZonedInput, writeZonedInput } from './zoned-input.ts';

interface Filters {
  readonly filter: EventFilter;
  readonly onChange: (filter: EventFilter) => void;
  readonly searchField: RefObject<HTMLInputElement | null>;
}

/** What the list of events is narrowed to. Text fields count when Enter is pressed or they are left. */
export function EventFilters({ filter, onChange, searchField }: Filters) {
  const [zone] = useZone();
  const narrowed = Object.values(filter).some(Boolean);
  const zoneName = zone === 'utc' ? 'UTC' : 'local time';
  return (
    <Group gap="xs" mb="md" align="flex-end">
      <SearchField key={filter.jobId ?? ''} {...{ filter, onChange, searchField }} />
      <TypeField key={`type ${filter.type ?? ''}`} {...{ filter, onChange }} />
      <TextInput
        type="datetime-local"
        className={styles['moment']}
        size="sm"
        label={`From (${zoneName})`}
        value={writeZonedInput(filter.created_after, zone)}
        onChange={({ currentTarget }) =>
          onChange({ ...filter, created_after: readZonedInput(currentTarget.value, zone) })
        }
      />
      <TextInput
        type="datetime-local"
        className={styles['moment']}
        size="sm"
        label={`Before (${zoneName})`}
        value={writeZonedInput(filter.created_before, zone)}
        onChange={({ currentTarget }) =>
          onChange({ ...filter, created_before: readZonedInput(currentTarget.value, zone) })
        }
      />
      {narrowed && (
        <Button variant="default" leftSection={<IconX size={14} aria-hidden />} onClick={() => onChange({})}>
          Clear all
        </Button>
      )}
    </Group>
  );
}

function SearchField({ filter, onChange, searchField }: Filters) {
  const navigate = useNavigate();
  const [text, setText] = useState(filter.jobId ?? '');
  const search = (): void => {
    const found = readEventSearch(text);
    const view = found.kind === 'open' ? viewOfId(found.id) : null;
    if (view !== null) void navigate({ href: view });
    else if (found.kind === 'narrow' && found.jobId !== filter.jobId) onChange({ ...filter, jobId: found.jobId });
  };
  return (
    <TextInput
      ref={searchField}
      className={styles['field']}
      type="search"
      size="sm"
      label="Search"
      placeholder="evt_… or jobId"
      leftSection={<IconSearch size={16} aria-hidden />}
      value={text}
      error={readEventSearch(text).kind === 'refused' && 'Longer than any jobId'}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') search();
        if (event.key === 'Escape') event.currentTarget.blur();
      }}
      onBlur={search}
    />
  );
}

function TypeField({ filter, onChange }: Pick<Filters, 'filter' | 'onChange'>) {
  const { data: types } = useQuery(eventTypesQuery);
  const [text, setText] = useState(filter.type ?? '');
  const choose = (chosen: string): void => {
    const type = chosen.trim() || undefined;
    if (type !== filter.type) onChange({ ...filter, type });
  };
  return (
    <Autocomplete
      className={styles['field']}
      size="sm"
      label="Type"
      placeholder="All types"
      data={(types ?? []).map(({ name }) => name)}
      value={text}
      onChange={setText}
      onOptionSubmit={choose}
      onBlur={() => choose(text)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') choose(text);
      }}
      clearable
      onClear={() => choose('')}
    />
  );
}
