import { Button, Group, NativeSelect, Select, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { loggedActs } from './describe-act.ts';
import { type AuditFilter, type AuditRange, auditActors, isAuditFiltered } from './settings-search.ts';

const actorWords = { key: 'a key', operator: 'the operator', posthorn: 'Posthorn itself' } as const;
const rangeWords: Readonly<Record<AuditRange, string>> = {
  '1h': 'Last hour',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
};

interface Props {
  readonly filter: AuditFilter;
  readonly onChange: (filter: AuditFilter) => void;
}

/** A text of the filter, which counts when it is left or with Enter. */
function IdInput({ label, value, onCommit }: { label: string; value: string; onCommit: (text: string) => void }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const commit = (): void => {
    if (text.trim() !== value) onCommit(text.trim());
  };
  return (
    <TextInput
      label={label}
      placeholder="all"
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
      w={{ base: '100%', xs: 220 }}
    />
  );
}

/** What the log is narrowed to; the address holds it. */
export function AuditFilterBar({ filter, onChange }: Props) {
  const set = (change: Partial<AuditFilter>): void => {
    const entries = Object.entries({ ...filter, ...change }).filter(([, value]) => Boolean(value));
    onChange(Object.fromEntries(entries));
  };
  return (
    <Group align="flex-end" gap="sm">
      <NativeSelect
        label="By"
        value={filter.actor ?? ''}
        onChange={(event) => set({ actor: auditActors.find((actor) => actor === event.currentTarget.value) })}
        data={[
          { value: '', label: 'anybody' },
          ...auditActors.map((actor) => ({ value: actor, label: actorWords[actor] })),
        ]}
      />
      <Select
        label="What"
        placeholder="anything"
        searchable
        clearable
        value={filter.action ?? null}
        onChange={(action) => set({ action: action ?? undefined })}
        data={distinctActs}
        w={{ base: '100%', xs: 280 }}
      />
      <NativeSelect
        label="When"
        value={filter.range ?? ''}
        onChange={(event) => set({ range: (event.currentTarget.value || undefined) as AuditRange | undefined })}
        data={[
          { value: '', label: 'Any time' },
          ...Object.entries(rangeWords).map(([value, label]) => ({ value, label })),
        ]}
      />
      <IdInput label="Object" value={filter.object_id ?? ''} onCommit={(id) => set({ object_id: id })} />
      {filter.key_id !== undefined && (
        <IdInput label="Key" value={filter.key_id} onCommit={(id) => set({ key_id: id })} />
      )}
      {isAuditFiltered(filter) && (
        <Button variant="default" onClick={() => onChange({})}>
          Clear the filters
        </Button>
      )}
    </Group>
  );
}

/** An endpoint has two names in the API: what reads the same is told apart by its operation. */
const distinctActs = loggedActs.map(({ value, label }) => ({
  value,
  label: loggedActs.some((other) => other.value !== value && other.label === label) ? `${label} (${value})` : label,
}));
