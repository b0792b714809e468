import { Group, Select, Text } from '@mantine/core';
import { attemptOutcomes } from '@posthorn/domain/delivery/attempt-outcome';
import type { RefObject } from 'react';
import { EndpointSelect } from '../endpoint-select.tsx';
import { grows } from '../filter-sizes.ts';
import { SettledInput } from '../settled-input.tsx';
import { SpanSelect } from '../span-select.tsx';
import { WordsSelect } from '../words-select.tsx';
import { type AttemptFilter, readAttemptFilter, readDuration, readOutcomes } from './attempt-filter.ts';
import { outcomeWords } from './outcome-words.ts';

interface Bar {
  readonly filter: AttemptFilter;
  readonly onChange: (filter: AttemptFilter) => void;
  /** The first field. */
  readonly field: RefObject<HTMLInputElement | null>;
}

/** Narrows the list of attempts; everything it says stands in the address. */
export function AttemptFilters({ filter, onChange, field }: Bar) {
  const change = (fields: Record<string, unknown>): void => onChange(readAttemptFilter({ ...filter, ...fields }));
  return (
    <Group gap="xs" align="flex-end" role="search" aria-label="Attempts">
      <WordsSelect
        label="Outcome"
        anyLabel="Any outcome"
        words={attemptOutcomes}
        names={outcomeWords}
        widestPx={340}
        chosen={readOutcomes(filter.outcome)}
        onChange={(outcome) => change({ outcome })}
        field={field}
      />
      <EndpointSelect value={filter.endpoint_id} onChange={(endpoint_id) => change({ endpoint_id })} />
      <Select
        aria-label="Answer"
        placeholder="Answered or not"
        clearable
        clearButtonProps={{ 'aria-label': 'Answered or not' }}
        style={grows}
        maw={170}
        data={[{ value: 'true', label: 'Answered' }]}
        value={filter.answered ?? null}
        onChange={(answered) => change({ answered })}
      />
      <SettledInput
        label="Least duration in ms"
        placeholder="Took at least"
        inputMode="numeric"
        style={grows}
        maw={150}
        rightSection={<Text size="xs">ms</Text>}
        value={filter.min_duration_ms ?? ''}
        problemOf={(text) => (text.trim() === '' || readDuration(text) !== null ? null : 'Whole milliseconds')}
        onSettle={(text) => change({ min_duration_ms: text })}
      />
      <SpanSelect
        label="Started"
        span={{ range: filter.range, after: filter.started_after, before: filter.started_before }}
        onChange={({ range, after, before }) => change({ range, started_after: after, started_before: before })}
        style={grows}
      />
    </Group>
  );
}
