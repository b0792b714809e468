import type { Event } from '@posthorn/http-api/event';
import { useMemo } from 'react';
import { RowGrid } from '../show/row-grid.tsx';
import { useIsNarrow } from '../show/use-is-narrow.ts';
import type { KeyedRows } from '../show/use-row-keys.ts';
import { EventRow } from './event-row.tsx';
import styles from './event-table.module.css';

const WIDE_ROW_PX = 44;
const NARROW_ROW_PX = 68;
const WIDE_COLUMNS = 4;

/** The rows of the list, however many were loaded. */
export function EventTable({ rows, onOpen, onActivate, ...grid }: KeyedRows<Event>) {
  const isNarrow = useIsNarrow();
  const ids = useMemo(() => rows.map(({ id }) => id), [rows]);
  return (
    <RowGrid
      {...grid}
      label="Events"
      ids={ids}
      isWide={false}
      rowPx={isNarrow ? NARROW_ROW_PX : WIDE_ROW_PX}
      columns={isNarrow ? 1 : WIDE_COLUMNS}
      head={isNarrow ? <th scope="col">Event</th> : <WideHead />}
      renderRow={(place) => {
        const event = rows[place.index];
        return (
          event && <EventRow {...place} event={event} isNarrow={isNarrow} onOpen={onOpen} onActivate={onActivate} />
        );
      }}
    />
  );
}

function WideHead() {
  return (
    <>
      <th scope="col">Type</th>
      <th scope="col">jobId</th>
      <th scope="col" className={styles['count']}>
        Deliveries
      </th>
      <th scope="col" className={styles['time']}>
        Created
      </th>
    </>
  );
}
