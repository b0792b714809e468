import { Group, Paper, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Figure } from './build-figures.ts';
import styles from './overview.module.css';

/** A number that leads to the list of what it counts, and says which that is. */
export function FigureCard({ label, value, hint, list, alarming }: Figure) {
  return (
    <Paper
      withBorder
      p="sm"
      className={styles.card}
      renderRoot={(props) => <Link to={list.to} search={list.search} {...props} />}
    >
      <Group gap={6} wrap="nowrap" justify="space-between">
        <Text size="sm">{label}</Text>
        {alarming && <IconAlertTriangle size={16} color="var(--mantine-color-orange-6)" aria-label="Needs a look" />}
      </Group>
      <Text className={styles.value}>{value}</Text>
      <Text size="xs" c="dimmed">
        {hint}
      </Text>
      <Text size="xs" td="underline" mt={4}>
        {list.name}
      </Text>
    </Paper>
  );
}
