import { Text, Tooltip } from '@mantine/core';
import { formatExact, formatRelative } from './format-time.ts';
import { useNow } from './use-now.ts';
import { useZone } from './use-zone.ts';

/** A moment, relative to now; exact in the other zone too when it is pointed at or focused. */
export function Time({ at }: { readonly at: string }) {
  const now = useNow();
  const both = `${formatExact(at, 'local')}\n${formatExact(at, 'utc')}`;
  return (
    <Tooltip label={both} multiline events={{ hover: true, focus: true, touch: true }} style={{ whiteSpace: 'pre' }}>
      <Text component="time" dateTime={at} size="sm" span style={{ whiteSpace: 'nowrap' }}>
        {formatRelative(Date.parse(at), now)}
      </Text>
    </Tooltip>
  );
}

/** A moment to the millisecond, in the zone that the page shows. */
export function ExactTime({ at }: { readonly at: string }) {
  const [zone] = useZone();
  return (
    <Text component="time" dateTime={at} size="sm" span ff="monospace">
      {formatExact(at, zone)}
    </Text>
  );
}
