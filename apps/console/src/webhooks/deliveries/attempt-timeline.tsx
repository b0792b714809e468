import { Group, Stack, Text } from '@mantine/core';
import { isOpen } from '@posthorn/domain/delivery/delivery-status';
import { IconClock, IconFlag } from '@tabler/icons-react';
import type { DeliveryDetail } from '../../api/deliveries.ts';
import { ForeignText } from '../../show/foreign-text.tsx';
import { ExactTime, Time } from '../../show/time.tsx';
import { useNow } from '../../show/use-now.ts';
import { AttemptItem } from './attempt-item.tsx';
import { explainEnd } from './explain-end.ts';
import { formatCountdown } from './format-countdown.ts';

/** Every attempt, oldest first, and what follows them. */
export function AttemptTimeline({ delivery }: { readonly delivery: DeliveryDetail }) {
  const { attempt_log: attempts, next_retry_at, completed_at } = delivery;
  const end = explainEnd(delivery);
  const last = attempts.at(-1);
  return (
    <Stack component="ol" gap={0} p={0} m={0} style={{ listStyle: 'none' }}>
      {attempts.map((attempt) => (
        <AttemptItem key={attempt.id} attempt={attempt} isLast={attempt === last} />
      ))}
      {isOpen(delivery.status) && next_retry_at !== null && (
        <NextAttempt number={attempts.length + 1} at={next_retry_at} />
      )}
      {end !== null && (
        <Group component="li" gap="xs" py={6} wrap="nowrap" align="flex-start">
          <IconFlag size={16} aria-hidden style={{ flexShrink: 0, marginTop: 2 }} />
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            <ForeignText text={end} /> {completed_at !== null && <Time at={completed_at} />}
          </Text>
        </Group>
      )}
    </Stack>
  );
}

function NextAttempt({ number, at }: { readonly number: number; readonly at: string }) {
  const now = useNow();
  const countdown = formatCountdown(Date.parse(at), now);
  return (
    <Group component="li" gap="xs" py={6}>
      <IconClock size={16} aria-hidden />
      <Text size="sm" fw={600}>
        {countdown === 'now' ? `Attempt ${number} is due now` : `Attempt ${number} ${countdown}`}
      </Text>
      <ExactTime at={at} />
    </Group>
  );
}
