import { useVirtualizer } from '@tanstack/react-virtual';
import { Fragment, type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { layOutRows, type RowRange } from './lay-out-rows.ts';
import styles from './row-grid.module.css';
import { useRestHeight } from './use-rest-height.ts';

const HEAD_PX = 37;
const OVERSCAN_ROWS = 6;
/** Rows before the end at which the next page is asked for. */
const NEAR_END_ROWS = 15;

/** A row that is to be drawn. */
export interface RowPlace {
  readonly index: number;
  /** px. */
  readonly height: number;
  readonly isActive: boolean;
  /** Whether the order of tabs leads here. */
  readonly isReached: boolean;
}

interface Grid {
  readonly label: string;
  /** Of all rows, in their order. */
  readonly ids: readonly string[];
  /** How many there are; -1: not known, as there are further pages. */
  readonly total: number;
  readonly activeId: string | null;
  readonly isMultiselectable?: boolean;
  /** Whether it has a least width, and scrolls sideways below that. */
  readonly isWide: boolean;
  readonly rowPx: number;
  /** The `th` of each column. */
  readonly head: ReactNode;
  readonly columns: number;
  readonly renderRow: (place: RowPlace) => ReactNode;
  readonly onNearEnd?: () => void;
  readonly onScrolled?: (isAtTop: boolean) => void;
  /** Told which rows are in view. */
  readonly inView?: RefObject<RowRange>;
  readonly box: RefObject<HTMLDivElement | null>;
  /** Told how to bring a row into view. */
  readonly reveal: RefObject<(index: number) => void>;
  /** After the last row. */
  readonly children: ReactNode;
}

/** The rows of a list, each with one place in the order of tabs. Only those in view and the active one exist. */
export function RowGrid(given: Grid) {
  const { ids, activeId, rowPx, total, isMultiselectable, inView, box, reveal, columns } = given;
  const height = useRestHeight(box);
  const virtualizer = useVirtualizer({
    count: ids.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => ids[index] ?? index,
    overscan: OVERSCAN_ROWS,
    scrollMargin: HEAD_PX,
    scrollPaddingStart: HEAD_PX,
  });
  useEffect(() => virtualizer.measure(), [rowPx]);
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  const kept = activeId === null ? -1 : ids.indexOf(activeId);
  const layout = layOutRows(items.length === 0 ? null : { first, last }, kept, ids.length);
  const firstSeen = first === 0 ? 0 : first + OVERSCAN_ROWS;
  const latest = useRef(given);
  useEffect(() => {
    latest.current = given;
    if (inView) inView.current = { first, last };
    reveal.current = (index) => virtualizer.scrollToIndex(index, { align: 'auto' });
  });
  useEffect(() => {
    if (last >= ids.length - NEAR_END_ROWS) latest.current.onNearEnd?.();
  }, [last, ids.length]);

  return (
    <div
      ref={box}
      className={styles['box']}
      style={{ height }}
      onScroll={({ currentTarget }) => given.onScrolled?.(currentTarget.scrollTop < rowPx / 2)}
    >
      <table
        role="grid"
        aria-label={given.label}
        aria-multiselectable={isMultiselectable}
        aria-rowcount={total < 0 ? -1 : total + 1}
        className={given.isWide ? `${styles['table']} ${styles['wide']}` : styles['table']}
      >
        <thead className={styles['head']}>
          <tr aria-rowindex={1}>{given.head}</tr>
        </thead>
        <tbody>
          {layout.placed.map(({ index, skipped }) => {
            const isActive = index === kept;
            const isReached = isActive || (activeId === null && index === firstSeen);
            return (
              // With its row's key a spacer never changes places with a row, which would take the focus from that.
              <Fragment key={ids[index]}>
                <Spacer height={skipped * rowPx} columns={columns} />
                {given.renderRow({ index, height: rowPx, isActive, isReached })}
              </Fragment>
            );
          })}
          <Spacer height={layout.after * rowPx} columns={columns} />
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
