import { Select, TextInput } from '@mantine/core';
import { type CSSProperties, useEffect, useState } from 'react';
import { useZone } from '../../show/use-zone.ts';
import { type DeliveryFilter, ranges } from './delivery-filter.ts';
import { readMoment, showMoment } from './moment-input.ts';

const CUSTOM = 'custom';
const rangeLabels = { '1h': 'Last hour', '24h': 'Last 24 hours', '7d': 'Last 7 days' } as const;

interface Created {
  readonly style: CSSProperties;
  readonly filter: DeliveryFilter;
  readonly onChange: (fields: Partial<DeliveryFilter>) => void;
}

const NO_RANGE = { range: undefined, created_after: undefined, created_before: undefined } as const;

/** When a delivery was made: a span that ends now, or from one moment to another. */
export function CreatedSelect({ filter, onChange, style }: Created) {
  const { range, created_after, created_before } = filter;
  const [zone] = useZone();
  const isCustom = created_after !== undefined || created_before !== undefined;
  const choose = (chosen: string | null): void => {
    const known = (Object.keys(ranges) as (keyof typeof ranges)[]).find((each) => each === chosen);
    if (known) onChange({ ...NO_RANGE, range: known });
    else if (chosen === CUSTOM)
      onChange({ ...NO_RANGE, created_after: new Date(Date.now() - ranges['24h']).toISOString() });
    else onChange(NO_RANGE);
  };
  return (
    <>
      <Select
        aria-label="Created"
        placeholder="Any time"
        clearable
        clearButtonProps={{ 'aria-label': 'Any time' }}
        style={style}
        maw={170}
        data={[
          ...Object.entries(rangeLabels).map(([value, label]) => ({ value, label })),
          { value: CUSTOM, label: 'Custom…' },
        ]}
        value={range ?? (isCustom ? CUSTOM : null)}
        onChange={choose}
      />
      {isCustom && (
        <>
          <MomentField
            label="Created from"
            value={showMoment(created_after, zone)}
            onChange={(text) => onChange({ created_after: readMoment(text, zone) })}
          />
          <MomentField
            label="Created before"
            value={showMoment(created_before, zone)}
            onChange={(text) => onChange({ created_before: readMoment(text, zone) })}
          />
        </>
      )}
    </>
  );
}

interface Field {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}

/** Says what it holds once it is left: a date that is being typed is no date yet. */
function MomentField({ label, value, onChange }: Field) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const tell = (): void => {
    if (text !== value) onChange(text);
  };
  return (
    <TextInput
      type="datetime-local"
      aria-label={label}
      title={label}
      w={205}
      value={text}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onBlur={tell}
      onKeyDown={({ key }) => {
        if (key === 'Enter') tell();
      }}
    />
  );
}
