import { useMediaQuery } from '@mantine/hooks';
import type { Delivery } from '@posthorn/http-api/delivery';
import { useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import type { RowRange } from './choose-watched.ts';
import { features, narrowColumns, wideColumns } from './delivery-columns.tsx';
import { DeliveryRow } from './delivery-row.tsx';
import styles from './delivery-table.module.css';
import { layOutRows } from './lay-out-rows.ts';
import { useRestHeight } from './use-rest-height.ts';

const WIDE_ROW_PX = 44;
const NARROW_ROW_PX = 88;
const HEAD_PX = 37;
const OVERSCAN_ROWS = 6;
/** Rows before the end at which the next page is asked for. */
const NEAR_END_ROWS = 15;
const widths: Readonly<Record<string, string>> = {
  select: '36px',
  status: '134px',
  attempts: '90px',
  response: '138px',
  next_retry_at: '104px',
  created_at: '96px',
};

interface Rows {
  readonly rows: readonly Delivery[];
  /** How many there are; -1: not known, as there are further pages. */
  readonly total: number;
  readonly activeId: string | null;
  readonly isSelected: (id: string) => boolean;
  readonly onOpen: (id: string) => void;
  readonly onActivate: (id: string) => void;
  readonly onNearEnd: () => void;
  readonly onScrolled: (isAtTop: boolean) => void;
  readonly inView: RefObject<RowRange>;
  readonly box: RefObject<HTMLDivElement | null>;
  /** Told how to bring a row into view. */
  readonly reveal: RefObject<(index: number) => void>;
  /** After the last row. */
  readonly children: ReactNode;
}

/** The rows of the list. Only those in view and the active one exist, however many were loaded. */
export function DeliveryTable(given: Rows) {
  const { rows, total, activeId, isSelected, onScrolled, inView, box, reveal } = given;
  const isNarrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false });
  const height = useRestHeight(box);
  const rowPx = isNarrow ? NARROW_ROW_PX : WIDE_ROW_PX;
  const columns = isNarrow ? narrowColumns : wideColumns;
  const table = useTable({ features, columns, data: rows, getRowId: ({ id }) => id });
  const modelRows = table.getRowModel().rows;
  const virtualizer = useVirtualizer({
    count: modelRows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => modelRows[index]?.id ?? index,
    overscan: OVERSCAN_ROWS,
    scrollMargin: HEAD_PX,
    scrollPaddingStart: HEAD_PX,
  });
  useEffect(() => virtualizer.measure(), [rowPx]);
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  const kept = modelRows.findIndex(({ id }) => id === activeId);
  const layout = layOutRows(items.length === 0 ? null : { first, last }, kept, modelRows.length);
  const firstSeen = first === 0 ? 0 : first + OVERSCAN_ROWS;
  const latest = useRef(given);
  useEffect(() => {
    latest.current = given;
    inView.current = { first, last };
    reveal.current = (index) => virtualizer.scrollToIndex(index, { align: 'auto' });
  });
  useEffect(() => {
    if (last >= modelRows.length - NEAR_END_ROWS) latest.current.onNearEnd();
  }, [last, modelRows.length]);

  return (
    <div
      ref={box}
      className={styles['box']}
      style={{ height }}
      onScroll={({ currentTarget }) => onScrolled(currentTarget.scrollTop < rowPx / 2)}
    >
      <table
        // Rows can be selected and have one place in the order of tabs.
        role="grid"
        aria-label="Deliveries"
        aria-multiselectable
        aria-rowcount={total < 0 ? -1 : total + 1}
        className={isNarrow ? styles['table'] : `${styles['table']} ${styles['wide']}`}
      >
        <thead className={styles['head']}>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} aria-rowindex={1}>
              {group.headers.map((header) => (
                <th key={header.id} scope="col" style={{ width: widths[header.column.id] }}>
                  <table.FlexRender header={header} />
                </th>
              ))}
            </tr>
          ))}
        </thead>
        <tbody>
          {layout.placed.flatMap(({ index, skipped }) => {
            const row = modelRows[index];
            if (!row) return [];
            return [
              // With its row's key it never changes places with a row, which would take the focus from that.
              <Spacer key={`before ${row.id}`} height={skipped * rowPx} columns={columns.length} />,
              <DeliveryRow
                key={row.id}
                row={row}
                index={index}
                height={rowPx}
                isActive={row.id === activeId}
                isReached={row.id === activeId || (activeId === null && index === firstSeen)}
                isSelected={isSelected(row.id)}
                latest={latest}
              />,
            ];
          })}
          <Spacer height={layout.after * rowPx} columns={columns.length} />
        </tbody>
      </table>
      {given.children}
    </div>
  );
}

/** In the place of the rows that are not in view. */
function Spacer({ height, columns }: { readonly height: number; readonly columns: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden className={styles['spacer']}>
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}
