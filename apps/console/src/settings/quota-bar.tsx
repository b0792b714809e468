import { Group, Progress, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatCount, formatShare } from '../show/format-count.ts';
import { quotaState } from './quota-state.ts';

const colors = { ok: undefined, near: 'yellow', reached: 'red' } as const;
const words = { ok: '', near: ' · nearly used up', reached: ' · used up' } as const;

interface Props {
  readonly label: string;
  /** `null`: not counted. */
  readonly used: number | null;
  /** `null`: no limit. */
  readonly limit: number | null;
  readonly children?: ReactNode;
}

/** How much of a quota is used; without a limit only the count. */
export function QuotaBar({ label, used, limit, children }: Props) {
  const state = used === null || limit === null ? null : quotaState(used, limit);
  return (
    <Stack gap={4}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600}>
          {label}
        </Text>
        <Text size="sm">
          {state === null
            ? used === null
              ? 'no limit, so it is not counted'
              : `${formatCount(used)}, no limit`
            : `${formatCount(used ?? 0)} of ${formatCount(limit ?? 0)} (${formatShare(state.share)})${words[state.level]}`}
        </Text>
      </Group>
      {state && (
        <Progress
          value={state.share * 100}
          color={colors[state.level]}
          aria-label={`${label}: ${formatShare(state.share)} used`}
        />
      )}
      {children}
    </Stack>
  );
}
