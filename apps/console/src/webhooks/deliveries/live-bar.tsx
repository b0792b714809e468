import { Group, Switch, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { LiveState } from './use-live-deliveries.ts';
import { REREAD_MS } from './use-reread.ts';

/** Nobody wants to be told of each one. */
const TELL_EVERY_MS = 5_000;

const words: Readonly<Record<LiveState, string>> = {
  connecting: 'Connecting…',
  live: '',
  interrupted: 'Live updates are interrupted, reconnecting',
  paused: 'Paused',
  reread: `Not live, read again every ${REREAD_MS / 1_000} s`,
};

interface Bar {
  readonly state: LiveState;
  /** How many came in all. */
  readonly arrived: number;
  readonly isPaused: boolean;
  readonly onPause: (isPaused: boolean) => void;
}

/** Whether the list is live, and how many deliveries came since. */
export function LiveBar({ state, arrived, isPaused, onPause }: Bar) {
  const told = useSlowly(arrived);
  const came = told === 1 ? '1 delivery came' : `${told} deliveries came`;
  return (
    <Group gap="sm" wrap="nowrap">
      <Text size="sm" role="status" aria-live="polite">
        {[words[state], told > 0 && came].filter(Boolean).join(' · ')}
      </Text>
      <Switch
        size="sm"
        label="Live"
        checked={!isPaused}
        onChange={({ currentTarget }) => onPause(!currentTarget.checked)}
      />
    </Group>
  );
}

/** A value that follows another at its own pace. */
function useSlowly(value: number): number {
  const [slow, setSlow] = useState(value);
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  }, [value]);
  useEffect(() => {
    const timer = window.setInterval(() => setSlow(latest.current), TELL_EVERY_MS);
    return () => window.clearInterval(timer);
  }, []);
  return slow;
}
