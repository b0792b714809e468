import { Button, Group, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { Delivery } from '@posthorn/http-api/delivery';
import { IconFilterOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { countRows } from '../../show/count-rows.ts';
import type { Loaded } from './merge-live.ts';
import type { BulkAction } from './plan-bulk.ts';
import { SelectionBar } from './selection-bar.tsx';

/** The stylesheet puts the selection's bar at the end of the screen there. */
const NARROW = '(max-width: 75em)';

interface Head {
  readonly rows: number;
  /** null: not loaded yet. */
  readonly loaded: Loaded | null;
  readonly selected: readonly Delivery[];
  readonly onBulk: (action: BulkAction) => void;
  readonly onUnselect: () => void;
  /** null: there are no filters, or they can be cleared elsewhere. */
  readonly onClear: (() => void) | null;
  /** At the other end of the line. */
  readonly children: ReactNode;
}

/** A line above the list, as high with a selection as without: where there is little room that stands at the screen's end. */
export function ListHead({ rows, loaded, selected, onBulk, onUnselect, onClear, children }: Head) {
  const isNarrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false });
  const isSelecting = selected.length > 0;
  return (
    <Group justify="space-between" gap="xs" mih={34}>
      {isSelecting && <SelectionBar selected={selected} onBulk={onBulk} onClear={onUnselect} />}
      {(!isSelecting || isNarrow) && (
        <Group gap="xs">
          <Text size="sm">{loaded && countRows(rows, loaded.isComplete, ['delivery', 'deliveries'])}</Text>
          {onClear && (
            <Button size="xs" variant="subtle" leftSection={<IconFilterOff size={14} aria-hidden />} onClick={onClear}>
              Clear the filters
            </Button>
          )}
        </Group>
      )}
      {children}
    </Group>
  );
}
