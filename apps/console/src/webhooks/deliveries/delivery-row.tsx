import type { Delivery } from '@posthorn/http-api/delivery';
import { FlexRender, type Row } from '@tanstack/react-table';
import { type MouseEvent, memo, type RefObject } from 'react';
import styles from '../../show/row-grid.module.css';
import type { RowPlace } from '../../show/row-grid.tsx';
import type { features } from './delivery-columns.tsx';

const CONTROLS = 'a, button, input, label';

interface Props extends RowPlace {
  readonly row: Row<typeof features, Delivery>;
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
