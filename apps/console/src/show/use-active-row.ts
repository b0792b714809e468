import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';

interface Rows<Row> {
  readonly rows: readonly Row[];
  /** Brings a row into view. */
  readonly reveal: RefObject<(index: number) => void>;
  readonly box: RefObject<HTMLElement | null>;
  /** The one that stands open beside the list; moving opens the next. */
  readonly openId: string | null;
  readonly onOpen: (id: string) => void;
}

/** The row that keys act on. It is remembered by its id, as rows move when others come. */
export function useActiveRow<Row extends { readonly id: string }>({ rows, reveal, box, openId, onOpen }: Rows<Row>) {
  const [activeId, setActiveId] = useState<string | null>(null);
  const wanted = useRef<string | null>(null);
  /** What was pressed to be led to the first row. */
  const pressed = useRef<Element | null>(null);
  const index = rows.findIndex(({ id }) => id === (openId ?? activeId));
  const focusWanted = (): void => {
    if (wanted.current === null) return;
    const row = box.current?.querySelector<HTMLElement>(`#${CSS.escape(wanted.current)}`);
    if (!row) return;
    wanted.current = null;
    row.focus({ preventScroll: true });
  };
  // The active row is always drawn, but one that was out of view only now. Before the next frame: the former row may go then.
  useLayoutEffect(focusWanted);
  const focusRow = (id: string): void => {
    wanted.current = id;
    focusWanted();
  };
  const to = (next: number): void => {
    const row = rows[next];
    if (!row || (openId !== null && index < 0)) return;
    setActiveId(row.id);
    reveal.current(next);
    if (openId === null) focusRow(row.id);
    else if (row.id !== openId) onOpen(row.id);
  };
  // Once what was pressed is gone, and with it the focus, the rows that were asked for are there.
  useEffect(() => {
    const at = document.activeElement;
    if (!pressed.current || (at === pressed.current && at !== document.body)) return;
    pressed.current = null;
    if (at === document.body) to(0);
  });
  const toFirst = (): void => {
    pressed.current = document.activeElement;
  };
  const move = (by: number): void => to(Math.min(rows.length - 1, Math.max(0, index < 0 ? 0 : index + by)));

  const lastOpenId = useRef(openId);
  // Only when it closes, not when rows come.
  useEffect(() => {
    const closed = openId === null ? lastOpenId.current : null;
    lastOpenId.current = openId;
    if (closed === null) return;
    const next = rows.findIndex(({ id }) => id === closed);
    if (next < 0) return;
    setActiveId(closed);
    reveal.current(next);
    focusRow(closed);
  }, [openId]);
  return { row: rows[index] ?? null, move, to, toFirst, activate: setActiveId };
}
