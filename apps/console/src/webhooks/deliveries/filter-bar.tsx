import { Group, MultiSelect, Pill, Select } from '@mantine/core';
import { deliveryStatuses } from '@posthorn/domain/delivery/delivery-status';
import { useQuery } from '@tanstack/react-query';
import type { RefObject } from 'react';
import { endpointsQuery } from '../../api/endpoints.ts';
import { eventTypesQuery } from '../../api/event-types.ts';
import { spellInvisible } from '../../show/mark-invisible.ts';
import { CreatedSelect } from './created-select.tsx';
import { type DeliveryFilter, readDeliveryFilter, readStatuses } from './delivery-filter.ts';
import { nameEndpoint } from './name-endpoint.ts';
import { SearchBox } from './search-box.tsx';

const MOST_OPTIONS = 100;
/** Side by side where there is room, two in a line on a phone. */
const grows = { flex: '1 1 140px' } as const;
const holdsTwo = { flex: '1 1 250px' } as const;

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
      <StatusSelect value={filter.status} onChange={(status) => change({ status })} />
      <EndpointSelect value={filter.endpoint_id} onChange={(endpoint_id) => change({ endpoint_id })} />
      <TypeSelect value={filter.type} onChange={(type) => change({ type })} />
      <CreatedSelect filter={filter} onChange={change} style={grows} />
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

interface Choice {
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

function StatusSelect({ value, onChange }: Choice) {
  const chosen = readStatuses(value);
  return (
    <MultiSelect
      aria-label="Status"
      placeholder={chosen.length === 0 ? 'Any status' : undefined}
      clearable
      clearButtonProps={{ 'aria-label': 'Any status' }}
      style={chosen.length < 2 ? grows : holdsTwo}
      maw={chosen.length < 2 ? 160 : 280}
      data={[...deliveryStatuses]}
      value={[...chosen]}
      onChange={(names) => onChange(names.length === 0 ? undefined : names.join(','))}
    />
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

function EndpointSelect({ value, onChange }: Choice) {
  const { data } = useQuery(endpointsQuery);
  const known = (data?.rows ?? []).map((endpoint) => ({
    value: endpoint.id,
    label: spellInvisible(nameEndpoint(endpoint)),
  }));
  const isUnknown = value !== undefined && !known.some((each) => each.value === value);
  return (
    <Select
      aria-label="Endpoint"
      placeholder="Any endpoint"
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'Any endpoint' }}
      nothingFoundMessage="No such endpoint"
      limit={MOST_OPTIONS}
      style={grows}
      maw={220}
      data={isUnknown ? [{ value, label: value }, ...known] : known}
      value={value ?? null}
      onChange={(chosen) => onChange(chosen ?? undefined)}
    />
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
