import type { ListedAttempt } from '@posthorn/http-api/attempt';
import { useMemo } from 'react';
import { RowGrid } from '../../show/row-grid.tsx';
import { useIsNarrow } from '../../show/use-is-narrow.ts';
import type { KeyedRows } from '../../show/use-row-keys.ts';
import { AttemptRow } from './attempt-row.tsx';

const WIDE_ROW_PX = 44;
const NARROW_ROW_PX = 88;
const columns = [
  ['Started', '92px'],
  ['Outcome', '152px'],
  ['Response', '88px'],
  ['Duration', '92px'],
  ['Endpoint', undefined],
  ['Type', '150px'],
  ['Delivery', '246px'],
] as const;

/** The rows of the list of attempts, however many were loaded. */
export function AttemptTable({ rows, onOpen, onActivate, ...grid }: KeyedRows<ListedAttempt>) {
  const isNarrow = useIsNarrow();
  const ids = useMemo(() => rows.map(({ id }) => id), [rows]);
  return (
    <RowGrid
      {...grid}
      label="Attempts"
      ids={ids}
      isWide={!isNarrow}
      rowPx={isNarrow ? NARROW_ROW_PX : WIDE_ROW_PX}
      columns={isNarrow ? 1 : columns.length}
      head={
        isNarrow ? (
          <th scope="col">Attempt</th>
        ) : (
          columns.map(([name, width]) => (
            <th key={name} scope="col" style={{ width }}>
              {name}
            </th>
          ))
        )
      }
      renderRow={(place) => {
        const attempt = rows[place.index];
        return (
          attempt && (
            <AttemptRow {...place} attempt={attempt} isNarrow={isNarrow} onOpen={onOpen} onActivate={onActivate} />
          )
        );
      }}
    />
  );
}
