import { Group, Pill, Select } from '@mantine/core';
import { deliveryStatuses } from '@posthorn/domain/delivery/delivery-status';
import { useQuery } from '@tanstack/react-query';
import type { RefObject } from 'react';
import { endpointsQuery } from '../../api/endpoints.ts';
import { eventTypesQuery } from '../../api/event-types.ts';
import { CreatedSelect } from './created-select.tsx';
import { type DeliveryFilter, readDeliveryFilter } from './delivery-filter.ts';
import { nameEndpoint } from './name-endpoint.ts';
import { SearchBox } from './search-box.tsx';

const MOST_OPTIONS = 100;
/** Side by side where there is room, two in a line on a phone. */
const grows = { flex: '1 1 140px' } as const;

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
      <Select
        aria-label="Status"
        placeholder="Any status"
        clearable
        clearButtonProps={{ 'aria-label': 'Any status' }}
        style={grows}
        maw={160}
        data={[...deliveryStatuses]}
        value={filter.status ?? null}
        onChange={(status) => change({ status: status ?? undefined })}
      />
      <EndpointSelect value={filter.endpoint_id} onChange={(endpoint_id) => change({ endpoint_id })} />
      <TypeSelect value={filter.type} onChange={(type) => change({ type })} />
      <CreatedSelect filter={filter} onChange={change} style={grows} />
      {filter.event_id !== undefined && (
        <Pill
          size="lg"
          withRemoveButton
          removeButtonProps={{ 'aria-label': 'Any event', tabIndex: 0 }}
          onRemove={() => change({ event_id: undefined })}
        >
          {filter.event_id}
        </Pill>
      )}
    </Group>
  );
}

interface Choice {
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

function EndpointSelect({ value, onChange }: Choice) {
  const { data } = useQuery(endpointsQuery);
  const known = (data?.rows ?? []).map((endpoint) => ({ value: endpoint.id, label: nameEndpoint(endpoint) }));
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
