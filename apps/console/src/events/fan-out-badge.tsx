import { Badge } from '@mantine/core';
import { IconBan, IconCheck, IconClock, IconMinus, IconX, type TablerIcon } from '@tabler/icons-react';
import type { FanOutOutcome } from './explain-fan-out.ts';

interface Look {
  readonly color: string;
  readonly icon: TablerIcon;
  readonly text: string;
}

const looks: Readonly<Record<FanOutOutcome, Look>> = {
  delivered: { color: 'green', icon: IconCheck, text: 'got it' },
  under_way: { color: 'blue', icon: IconClock, text: 'under way' },
  failed: { color: 'red', icon: IconX, text: 'did not get it' },
  cancelled: { color: 'red', icon: IconBan, text: 'did not get it' },
  skipped: { color: 'orange', icon: IconMinus, text: 'skipped' },
  not_subscribed: { color: 'gray', icon: IconMinus, text: 'not sent' },
  registered_later: { color: 'gray', icon: IconMinus, text: 'not sent' },
  not_made: { color: 'gray', icon: IconMinus, text: 'not sent' },
};

/** Whether an endpoint got an event. */
export function FanOutBadge({ outcome }: { readonly outcome: FanOutOutcome }) {
  const { color, icon: Icon, text } = looks[outcome];
  return (
    <Badge color={color} variant="light" tt="none" miw="max-content" leftSection={<Icon size={12} aria-hidden />}>
      {text}
    </Badge>
  );
}
