import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { endpointsQuery } from '../api/endpoints.ts';
import { spellInvisible } from '../show/mark-invisible.ts';
import { nameEndpoint } from './deliveries/name-endpoint.ts';
import { grows, MOST_OPTIONS } from './filter-sizes.ts';

/** One value, or any. */
export interface Choice {
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

/** Which endpoint a list is narrowed to, by its id. */
export function EndpointSelect({ value, onChange }: Choice) {
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
