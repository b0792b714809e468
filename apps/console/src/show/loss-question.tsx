import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect } from 'react';

/** What closing would lose: what was typed, or what is shown this once and was not copied. */
export type Loss = 'draft' | 'uncopied';

const words = {
  draft: { color: 'orange', title: 'Discard what you typed?', says: null, lose: 'Discard', keep: 'Keep editing' },
  uncopied: {
    color: 'red',
    title: 'Not copied yet',
    says: 'Once this is closed nobody can see it any more. Copy it first, unless you have it already.',
    lose: 'Close anyway',
    keep: 'Keep it open',
  },
} as const;

const takeFocus = (button: HTMLElement | null): void => button?.focus();

interface Question {
  readonly loss: Loss;
  readonly onLose: () => void;
  readonly onKeep: () => void;
}

/** Asks before something is lost. Escape keeps it. */
export function LossQuestion({ loss, onLose, onKeep }: Question) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.isComposing) onKeep();
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, [onKeep]);
  const { color, title, says, lose, keep } = words[loss];
  return (
    <Alert variant="outline" color={color} role="alert" mt="md" icon={<IconAlertTriangle aria-hidden />} title={title}>
      <Stack gap="sm">
        {says !== null && <Text size="sm">{says}</Text>}
        <Group gap="xs">
          <Button size="xs" color="red.9" onClick={onLose}>
            {lose}
          </Button>
          <Button size="xs" ref={takeFocus} variant="default" onClick={onKeep}>
            {keep}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
