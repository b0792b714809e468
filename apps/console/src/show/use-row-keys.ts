import { type ReactNode, type RefObject, useRef } from 'react';
import { useActiveRow } from './use-active-row.ts';
import { useListKeys } from './use-list-keys.ts';

/** The parts of a list whose rows open elsewhere, with its keys; a grid is told of `box` and `reveal`. */
export function useRowKeys(rows: readonly { readonly id: string }[], onOpen: (id: string) => void) {
  const box: RefObject<HTMLDivElement | null> = useRef<HTMLDivElement>(null);
  const reveal = useRef<(index: number) => void>(() => undefined);
  const active = useActiveRow({ rows, reveal, box, openId: null, onOpen });
  useListKeys({
    j: () => active.move(1),
    k: () => active.move(-1),
    ArrowDown: () => active.move(1),
    ArrowUp: () => active.move(-1),
    Home: () => active.to(0),
    End: () => active.to(rows.length - 1),
    Enter: () => active.row && onOpen(active.row.id),
  });
  return { box, reveal, activeId: active.row?.id ?? null, onActivate: active.activate };
}

/** What a table of such a list is given. */
export interface KeyedRows<Row> extends ReturnType<typeof useRowKeys> {
  readonly rows: readonly Row[];
  /** How many there are; -1: not known, as there are further pages. */
  readonly total: number;
  readonly onOpen: (id: string) => void;
  /** After the last row. */
  readonly children: ReactNode;
}
