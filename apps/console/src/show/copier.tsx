import { Popover, Textarea } from '@mantine/core';
import type { ReactNode } from 'react';
import { useCopy } from './use-copy.ts';

const ABOVE_DIALOGS = 400;

const selectAll = (field: HTMLTextAreaElement | null): void => {
  field?.focus({ preventScroll: true });
  field?.select();
};

/** Copies when its child says so. Where the browser does not let it, the text is shown, selected, to be copied by hand. */
export function Copier({
  value,
  onCopied,
  children,
}: {
  readonly value: string;
  readonly onCopied?: (() => void) | undefined;
  readonly children: (state: { readonly copied: boolean; readonly copy: () => void }) => ReactNode;
}) {
  const { copied, hasFailed, forget, copy } = useCopy();
  const copyValue = async (): Promise<void> => {
    if (await copy(value)) onCopied?.();
  };
  return (
    <Popover opened={hasFailed} onChange={forget} withRoles={false} withArrow zIndex={ABOVE_DIALOGS}>
      <Popover.Target>
        <span style={{ display: 'inline-flex' }}>{children({ copied, copy: () => void copyValue() })}</span>
      </Popover.Target>
      <Popover.Dropdown>
        <Textarea
          ref={selectAll}
          label="Select it and press Ctrl+C"
          description="The browser did not let it be copied. On a Mac: ⌘C."
          readOnly
          rows={3}
          w={260}
          value={value}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
