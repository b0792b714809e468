import type { ReactNode } from 'react';
import styles from './row-grid.module.css';
import type { RowPlace } from './row-grid.tsx';

interface Row extends RowPlace {
  readonly id: string;
  readonly onOpen: (id: string) => void;
  readonly onActivate: (id: string) => void;
  /** A `td` for each column. */
  readonly children: ReactNode;
}

/** A row that opens something, wherever it is clicked but for its links. */
export function GridRow({ id, index, height, isActive, isReached, onOpen, onActivate, children }: Row) {
  return (
    <tr
      id={id}
      className={styles['row']}
      style={{ height }}
      aria-rowindex={index + 2}
      data-active={isActive || undefined}
      tabIndex={isReached ? 0 : -1}
      onFocus={() => onActivate(id)}
      onClick={({ target }) => {
        const isLink = target instanceof Element && target.closest('a') !== null;
        // Whoever marks a text wants to copy it.
        if (!isLink && !window.getSelection()?.toString()) onOpen(id);
      }}
    >
      {children}
    </tr>
  );
}
