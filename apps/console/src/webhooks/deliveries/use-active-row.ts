import type { Delivery } from '@posthorn/http-api/delivery';
import { type RefObject, useState } from 'react';

interface Rows {
  readonly rows: readonly Delivery[];
  /** Brings a row into view. */
  readonly reveal: RefObject<(index: number) => void>;
  readonly box: RefObject<HTMLElement | null>;
  /** The delivery that stands open beside the list; moving opens the next. */
  readonly openId: string | null;
  readonly onOpen: (id: string) => void;
}

/** The row that keys act on. It is remembered by its id, as rows move when others come. */
export function useActiveRow({ rows, reveal, box, openId, onOpen }: Rows) {
  const [activeId, setActiveId] = useState<string | null>(null);
  const index = rows.findIndex(({ id }) => id === (openId ?? activeId));
  const focusRow = (id: string): void => {
    // A row that was out of view exists once the list was drawn there.
    requestAnimationFrame(() =>
      requestAnimationFrame(() =>
        box.current?.querySelector<HTMLElement>(`#${CSS.escape(id)}`)?.focus({ preventScroll: true }),
      ),
    );
  };
  const move = (by: number): void => {
    const next = Math.min(rows.length - 1, Math.max(0, index < 0 ? 0 : index + by));
    const row = rows[next];
    if (!row || (openId !== null && index < 0)) return;
    setActiveId(row.id);
    reveal.current(next);
    if (openId === null) focusRow(row.id);
    else if (row.id !== openId) onOpen(row.id);
  };
  return { row: rows[index] ?? null, move, activate: setActiveId };
}
