import { Group, Pill, Select } from '@mantine/core';
import { deliveryStatuses } from '@posthorn/domain/delivery/delivery-status';
import { useQuery } from '@tanstack/react-query';
import type { RefObject } from 'react';
import { eventTypesQuery } from '../../api/event-types.ts';
import { type Choice, EndpointSelect } from '../endpoint-select.tsx';
import { grows, MOST_OPTIONS } from '../filter-sizes.ts';
import { SpanSelect } from '../span-select.tsx';
import { WordsSelect } from '../words-select.tsx';
import { type DeliveryFilter, readDeliveryFilter, readStatuses } from './delivery-filter.ts';
import { SearchBox } from './search-box.tsx';

interface Bar {
  readonly filter: DeliveryFilter;
  readonly onChange: (filter: DeliveryFilter) => void;
  readonly onOpen: (deliveryId: string) => void;
  readonly search: RefObject<HTMLInputElement | null>;
}

/** Narrows the list; everything it says stands in the address. */
export function FilterBar({ filter, onChange, onOpen, search }: Bar) {
  const change = (fields: Partial<DeliveryFilter>): void => onChange(readDeliveryFilter({ ...filter, ...fields }));
  return (
    <Group gap="xs" align="flex-end">
      <SearchBox jobId={filter.jobId} onChange={change} onOpen={onOpen} box={search} />
      <WordsSelect
        label="Status"
        anyLabel="Any status"
        words={deliveryStatuses}
        widestPx={280}
        chosen={readStatuses(filter.status)}
        onChange={(status) => change({ status })}
      />
      <EndpointSelect value={filter.endpoint_id} onChange={(endpoint_id) => change({ endpoint_id })} />
      <TypeSelect value={filter.type} onChange={(type) => change({ type })} />
      <SpanSelect
        label="Created"
        span={{ range: filter.range, after: filter.created_after, before: filter.created_before }}
        onChange={({ range, after, before }) => change({ range, created_after: after, created_before: before })}
        style={grows}
      />
      {filter.overdue && (
        <FilterPill removal="Overdue or not" onRemove={() => change({ overdue: undefined })}>
          Overdue
        </FilterPill>
      )}
      {filter.event_id !== undefined && (
        <FilterPill removal="Any event" onRemove={() => change({ event_id: undefined })}>
          {filter.event_id}
        </FilterPill>
      )}
    </Group>
  );
}

interface Removable {
  /** What then holds. */
  readonly removal: string;
  readonly onRemove: () => void;
  readonly children: string;
}

/** A filter that only a link sets. */
function FilterPill({ removal, onRemove, children }: Removable) {
  return (
    <Pill
      size="lg"
      withRemoveButton
      removeButtonProps={{ 'aria-label': removal, 'aria-hidden': false, tabIndex: 0 }}
      onRemove={onRemove}
    >
      {children}
    </Pill>
  );
}

function TypeSelect({ value, onChange }: Choice) {
  const { data } = useQuery(eventTypesQuery);
  const known = (data ?? []).map(({ name }) => name);
  return (
    <Select
      aria-label="Type"
      placeholder="Any type"
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'Any type' }}
      nothingFoundMessage="No such type"
      limit={MOST_OPTIONS}
      style={grows}
      maw={220}
      data={value !== undefined && !known.includes(value) ? [value, ...known] : known}
      value={value ?? null}
      onChange={(chosen) => onChange(chosen ?? undefined)}
    />
  );
}
