import type { Delivery } from '@posthorn/http-api/delivery';
import { useTable } from '@tanstack/react-table';
import { type ReactNode, type RefObject, useEffect, useMemo, useRef } from 'react';
import type { RowRange } from '../../show/lay-out-rows.ts';
import { RowGrid } from '../../show/row-grid.tsx';
import { useIsNarrow } from '../../show/use-is-narrow.ts';
import { features, narrowColumns, wideColumns } from './delivery-columns.tsx';
import { DeliveryRow } from './delivery-row.tsx';

const WIDE_ROW_PX = 44;
const NARROW_ROW_PX = 88;
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
  readonly reveal: RefObject<(index: number) => void>;
  /** After the last row. */
  readonly children: ReactNode;
}

/** The rows of the list, however many were loaded. */
export function DeliveryTable({ rows, isSelected, onOpen, onActivate, ...grid }: Rows) {
  const isNarrow = useIsNarrow();
  const columns = isNarrow ? narrowColumns : wideColumns;
  const table = useTable({ features, columns, data: rows, getRowId: ({ id }) => id });
  const modelRows = table.getRowModel().rows;
  const ids = useMemo(() => rows.map(({ id }) => id), [rows]);
  const latest = useRef({ onOpen, onActivate });
  useEffect(() => {
    latest.current = { onOpen, onActivate };
  });
  return (
    <RowGrid
      {...grid}
      label="Deliveries"
      isMultiselectable
      ids={ids}
      isWide={!isNarrow}
      rowPx={isNarrow ? NARROW_ROW_PX : WIDE_ROW_PX}
      columns={columns.length}
      head={table.getHeaderGroups().flatMap(({ headers }) =>
        headers.map((header) => (
          <th key={header.id} scope="col" style={{ width: widths[header.column.id] }}>
            <table.FlexRender header={header} />
          </th>
        )),
      )}
      renderRow={(place) => {
        const row = modelRows[place.index];
        return row && <DeliveryRow {...place} row={row} isSelected={isSelected(row.id)} latest={latest} />;
      }}
    />
  );
}
