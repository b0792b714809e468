import { ActionIcon, Button, Group, Input, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { HeaderRow } from './endpoint-draft.ts';

const MAX_HEADERS = 20;

interface Rows {
  readonly rows: readonly HeaderRow[];
  readonly onChange: (rows: readonly HeaderRow[]) => void;
}

const nextKey = (rows: readonly HeaderRow[]): number => Math.max(0, ...rows.map(({ key }) => key)) + 1;

function Row({
  row,
  number,
  isWrong,
  rows,
  onChange,
}: Rows & {
  readonly row: HeaderRow;
  readonly number: number;
  readonly isWrong: boolean;
}) {
  const change = (part: Partial<HeaderRow>) =>
    onChange(rows.map((each) => (each.key === row.key ? { ...each, ...part } : each)));
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <TextInput
        aria-label={`Name of header ${number}`}
        placeholder="Authorization"
        flex={2}
        miw={0}
        value={row.name}
        error={isWrong}
        spellCheck={false}
        autoComplete="off"
        onChange={({ currentTarget }) => change({ name: currentTarget.value })}
      />
      <TextInput
        aria-label={`Value of header ${number}`}
        placeholder="Bearer …"
        flex={3}
        miw={0}
        value={row.value}
        spellCheck={false}
        autoComplete="off"
        onChange={({ currentTarget }) => change({ value: currentTarget.value })}
      />
      <ActionIcon
        variant="default"
        size="input-sm"
        aria-label={`Leave out header ${number}`}
        onClick={() => onChange(rows.filter(({ key }) => key !== row.key))}
      >
        <IconTrash size={16} aria-hidden />
      </ActionIcon>
    </Group>
  );
}

/** Headers of the customer's own, a row each. */
export function HeaderFields({ rows, onChange, error }: Rows & { readonly error: string | undefined }) {
  return (
    <Stack gap="xs">
      {rows.map((row, index) => (
        <Row key={row.key} row={row} number={index + 1} isWrong={error !== undefined} rows={rows} onChange={onChange} />
      ))}
      {error !== undefined && <Input.Error role="alert">{error}</Input.Error>}
      <Group>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          disabled={rows.length >= MAX_HEADERS}
          onClick={() => onChange([...rows, { key: nextKey(rows), name: '', value: '' }])}
        >
          One more header
        </Button>
      </Group>
    </Stack>
  );
}

/** Headers of an endpoint that has some: their values cannot be read back, so they are kept or replaced together. */
export function ReplaceHeaders({
  names,
  rows,
  onChange,
  error,
}: {
  readonly names: readonly string[];
  readonly rows: readonly HeaderRow[] | null;
  readonly onChange: (rows: readonly HeaderRow[] | null) => void;
  readonly error: string | undefined;
}) {
  if (rows !== null) {
    return (
      <Stack gap="xs">
        <Text size="sm">These replace all that it has. Without any, it has none.</Text>
        <HeaderFields rows={rows} onChange={onChange} error={error} />
        <Group>
          <Button variant="default" size="xs" onClick={() => onChange(null)}>
            Keep what it has
          </Button>
        </Group>
      </Stack>
    );
  }
  return (
    <Group gap="sm">
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {names.length === 0 ? 'None.' : `${names.join(', ')} (values are kept sealed)`}
      </Text>
      <Button
        variant="default"
        size="xs"
        onClick={() => onChange((names.length === 0 ? [''] : names).map((name, key) => ({ key, name, value: '' })))}
      >
        {names.length === 0 ? 'Set headers' : 'Replace them'}
      </Button>
    </Group>
  );
}
