import { Badge } from '@mantine/core';
import type { TablerIcon } from '@tabler/icons-react';

/** How a badge looks. */
export interface BadgeLook {
  readonly color: string;
  readonly icon: TablerIcon;
}

interface Props {
  readonly look: BadgeLook;
  readonly children: string;
}

/** A word with an icon, so that nobody depends on the colour. */
export function IconBadge({ look: { color, icon: Icon }, children }: Props) {
  return (
    <Badge color={color} variant="light" tt="none" miw="max-content" leftSection={<Icon size={12} aria-hidden />}>
      {children}
    </Badge>
  );
}
