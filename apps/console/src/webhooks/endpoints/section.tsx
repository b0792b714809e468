import { Group, Paper, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** A part of an endpoint's page. @param side what stands beside its title */
export const Section = ({
  title,
  side,
  children,
}: {
  readonly title: string;
  readonly side?: ReactNode;
  readonly children: ReactNode;
}) => (
  <Paper component="section" withBorder p="md" aria-label={title}>
    <Group justify="space-between" mb="sm" gap="xs">
      <Title order={3} size="h5">
        {title}
      </Title>
      {side}
    </Group>
    {children}
  </Paper>
);
