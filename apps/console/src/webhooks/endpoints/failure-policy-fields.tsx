import { Group, NumberInput, Select, Stack } from '@mantine/core';
import type { After } from './endpoint-draft.ts';

const MAX_HOURS = 744;
const MODES = [
  { value: 'operator', label: 'As the operator has set it' },
  { value: 'never', label: 'Never' },
  { value: 'hours', label: 'After nothing but failures for' },
];

function AfterField({
  label,
  after,
  onChange,
  error,
}: {
  readonly label: string;
  readonly after: After;
  readonly onChange: (after: After) => void;
  readonly error: string | undefined;
}) {
  return (
    <Group gap="xs" align="flex-start">
      <Select
        label={label}
        data={MODES}
        value={after.mode}
        allowDeselect={false}
        flex="1 1 220px"
        error={error}
        onChange={(mode) => onChange({ ...after, mode: (mode ?? after.mode) as After['mode'] })}
      />
      {after.mode === 'hours' && (
        <NumberInput
          label="Hours"
          min={0}
          max={MAX_HOURS}
          decimalScale={2}
          w={110}
          value={after.hours}
          onChange={(hours) => onChange({ ...after, hours: hours === '' ? '' : Number(hours) })}
        />
      )}
    </Group>
  );
}

interface Policy {
  readonly warnAfter: After;
  readonly disableAfter: After;
}

/** After how long an endpoint that fails is told of, and is disabled. */
export function FailurePolicyFields({
  warnAfter,
  disableAfter,
  onChange,
  errorOf,
}: Policy & {
  readonly onChange: (change: Partial<Policy>) => void;
  readonly errorOf: (field: string) => string | undefined;
}) {
  return (
    <Stack gap="xs">
      <AfterField
        label="Mail me that it fails"
        after={warnAfter}
        error={errorOf('failure_policy.warn_after_seconds')}
        onChange={(after) => onChange({ warnAfter: after })}
      />
      <AfterField
        label="Stop sending to it"
        after={disableAfter}
        error={errorOf('failure_policy.disable_after_seconds')}
        onChange={(after) => onChange({ disableAfter: after })}
      />
    </Stack>
  );
}
