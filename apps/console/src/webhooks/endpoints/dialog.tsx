import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { FormDialog } from '../../show/form-dialog.tsx';

interface Opening {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** In place of `onClose` where somebody goes to another page. */
  readonly onLeave?: () => void;
  readonly title: string;
  readonly size?: 'md' | 'lg' | 'xl';
  readonly children: ReactNode;
}

/** A dialog, which fills the screen of a phone. What it holds begins anew each time it opens. */
export function Dialog({ opened, onClose, onLeave = onClose, title, size = 'md', children }: Opening) {
  const isPhone = useMediaQuery('(max-width: 36em)');
  return (
    <FormDialog
      opened={opened}
      onClose={onClose}
      onLeave={onLeave}
      title={title}
      size={size}
      fullScreen={isPhone}
      styles={{ title: { fontWeight: 600 } }}
    >
      {opened && children}
    </FormDialog>
  );
}
