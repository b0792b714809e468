import { Text } from '@mantine/core';
import { useNow } from '../../show/use-now.ts';
import { formatCountdown } from './format-countdown.ts';

/** How long until a moment, counted down. @param at RFC 3339 */
export function Countdown({ at }: { readonly at: string }) {
  const now = useNow();
  return (
    <Text component="time" dateTime={at} inherit span title={at} style={{ whiteSpace: 'nowrap' }}>
      {formatCountdown(Date.parse(at), now)}
    </Text>
  );
}
