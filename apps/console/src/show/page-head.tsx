import { Group, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { ForeignText } from './foreign-text.tsx';
import { spellInvisible } from './mark-invisible.ts';

/** A view's title, and what can be done in it. */
export function PageHead({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  useDocumentTitle(`${spellInvisible(title)} · Posthorn`);
  return (
    <Group justify="space-between" mb="md" gap="sm">
      <Title order={1} size="h3">
        <ForeignText text={title} />
      </Title>
      {children && <Group gap="xs">{children}</Group>}
    </Group>
  );
}
