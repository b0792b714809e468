import type { Delivery } from '@posthorn/http-api/delivery';
import { FlexRender, type Row } from '@tanstack/react-table';
import { type MouseEvent, memo, type RefObject } from 'react';
import type { features } from './delivery-columns.tsx';
import styles from './delivery-table.module.css';

const CONTROLS = 'a, button, input, label';

interface Props {
  readonly row: Row<typeof features, Delivery>;
  readonly index: number;
  readonly height: number;
  readonly isActive: boolean;
  /** Whether the order of tabs leads here. */
  readonly isReached: boolean;
  readonly isSelected: boolean;
  readonly latest: RefObject<{ readonly onOpen: (id: string) => void; readonly onActivate: (id: string) => void }>;
}

/** A row of the list. It is drawn anew only when it changed, not when the list is scrolled. */
export const DeliveryRow = memo(function DeliveryRow(props: Props) {
  const { row, index, height, isActive, isReached, isSelected, latest } = props;
  const open = ({ target }: MouseEvent): void => {
    if (target instanceof Element && target.closest(CONTROLS)) return;
    // Whoever marks a text wants to copy it.
    if (window.getSelection()?.toString()) return;
    latest.current.onOpen(row.id);
  };
  return (
    <tr
      id={row.id}
      className={styles['row']}
      style={{ height }}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      data-active={isActive || undefined}
      tabIndex={isReached ? 0 : -1}
      onFocus={() => latest.current.onActivate(row.id)}
      onClick={open}
    >
      {row.getAllCells().map((cell) => (
        <td key={cell.id} style={{ height }}>
          <FlexRender cell={cell} />
        </td>
      ))}
    </tr>
  );
});
