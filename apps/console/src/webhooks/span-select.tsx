import { Select } from '@mantine/core';
import type { CSSProperties } from 'react';
import { useZone } from '../show/use-zone.ts';
import { type Range, ranges } from './deliveries/delivery-filter.ts';
import { readMoment, showMoment } from './deliveries/moment-input.ts';
import { SettledInput } from './settled-input.tsx';

const CUSTOM = 'custom';
const rangeLabels = { '1h': 'Last hour', '24h': 'Last 24 hours', '7d': 'Last 7 days' } as const;

/** A span that ends now, or from one moment to another, RFC 3339. */
export interface Span {
  readonly range?: Range | undefined;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

interface Props {
  /** What happened in that span, for example `Created`. */
  readonly label: string;
  readonly style: CSSProperties;
  readonly span: Span;
  /** Told the whole span. */
  readonly onChange: (span: Span) => void;
}

/** When something happened. */
export function SpanSelect({ label, style, span, onChange }: Props) {
  const { range, after, before } = span;
  const [zone] = useZone();
  const isCustom = after !== undefined || before !== undefined;
  const choose = (chosen: string | null): void => {
    const known = (Object.keys(ranges) as Range[]).find((each) => each === chosen);
    if (known) onChange({ range: known });
    else if (chosen === CUSTOM) onChange({ after: new Date(Date.now() - ranges['24h']).toISOString() });
    else onChange({});
  };
  return (
    <>
      <Select
        aria-label={label}
        placeholder="Any time"
        clearable
        clearButtonProps={{ 'aria-label': 'Any time' }}
        style={style}
        maw={170}
        data={[
          ...Object.entries(rangeLabels).map(([value, text]) => ({ value, label: text })),
          { value: CUSTOM, label: 'Custom…' },
        ]}
        value={range ?? (isCustom ? CUSTOM : null)}
        onChange={choose}
      />
      {isCustom && (
        <>
          <SettledInput
            type="datetime-local"
            w={205}
            label={`${label} from`}
            value={showMoment(after, zone)}
            onSettle={(text) => onChange({ after: readMoment(text, zone), before })}
          />
          <SettledInput
            type="datetime-local"
            w={205}
            label={`${label} before`}
            value={showMoment(before, zone)}
            onSettle={(text) => onChange({ after, before: readMoment(text, zone) })}
          />
        </>
      )}
    </>
  );
}
