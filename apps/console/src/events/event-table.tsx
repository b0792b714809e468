import { Anchor } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { Event } from '@posthorn/http-api/event';
import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { formatCount } from '../show/format-count.ts';
import { Time } from '../show/time.tsx';
import styles from '../webhooks/deliveries/delivery-table.module.css';
import { useRestHeight } from '../webhooks/deliveries/use-rest-height.ts';
import own from './event-table.module.css';

const ROW_PX = 44;
const NARROW_ROW_PX = 68;
const HEAD_PX = 37;
const OVERSCAN_ROWS = 8;
const COLUMNS = 4;

interface Rows {
  readonly rows: readonly Event[];
  readonly activeId: string | null;
  readonly onOpen: (id: string) => void;
  readonly onActivate: (id: string) => void;
  /** Told how to bring a row into view. */
  readonly reveal: RefObject<(index: number) => void>;
  /** After the last row. */
  readonly children: ReactNode;
}

/** The rows of the list. Only those in view exist, however many were loaded. */
export function EventTable({ rows, activeId, onOpen, onActivate, reveal, children }: Rows) {
  const box = useRef<HTMLDivElement>(null);
  const isNarrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false });
  const height = useRestHeight(box);
  const rowPx = isNarrow ? NARROW_ROW_PX : ROW_PX;
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: OVERSCAN_ROWS,
    scrollMargin: HEAD_PX,
    scrollPaddingStart: HEAD_PX,
  });
  useEffect(() => virtualizer.measure(), [rowPx]);
  useEffect(() => {
    reveal.current = (index) => virtualizer.scrollToIndex(index, { align: 'auto' });
  });
  const items = virtualizer.getVirtualItems();
  const before = (items[0]?.start ?? HEAD_PX) - HEAD_PX;
  const after = virtualizer.getTotalSize() - ((items.at(-1)?.end ?? HEAD_PX) - HEAD_PX);
  const columns = isNarrow ? 1 : COLUMNS;
  return (
    <div ref={box} className={styles['box']} style={{ height }}>
      {/* A row has one place in the order of tabs. */}
      <table role="grid" aria-label="Events" aria-rowcount={-1} className={styles['table']}>
        <thead className={styles['head']}>
          <tr aria-rowindex={1}>
            {isNarrow ? (
              <th scope="col">Event</th>
            ) : (
              <>
                <th scope="col">Type</th>
                <th scope="col">jobId</th>
                <th scope="col" className={own['count']}>
                  Deliveries
                </th>
                <th scope="col" className={own['time']}>
                  Created
                </th>
              </>
            )}
          </tr>
        </thead>
        <Spacer height={before} columns={columns} />
        <tbody>
          {items.map(({ index }) => {
            const event = rows[index];
            if (!event) return null;
            const isActive = event.id === activeId;
            return (
              <tr
                key={event.id}
                id={event.id}
                className={styles['row']}
                style={{ height: rowPx }}
                aria-rowindex={index + 2}
                data-active={isActive || undefined}
                tabIndex={isActive || (activeId === null && index === 0) ? 0 : -1}
                onFocus={() => onActivate(event.id)}
                onClick={({ target }) => {
                  const isLink = target instanceof Element && target.closest('a') !== null;
                  if (!isLink && !window.getSelection()?.toString()) onOpen(event.id);
                }}
              >
                {isNarrow ? <NarrowCell event={event} /> : <WideCells event={event} />}
              </tr>
            );
          })}
        </tbody>
        <Spacer height={after} columns={columns} />
      </table>
      {children}
    </div>
  );
}

function EventLink({ event: { id, type } }: { readonly event: Event }) {
  return (
    <Anchor
      size="sm"
      c="inherit"
      tabIndex={-1}
      renderRoot={(props) => <Link to="/events/$eventId" params={{ eventId: id }} {...props} />}
    >
      <bdi>{type}</bdi>
    </Anchor>
  );
}

function WideCells({ event }: { readonly event: Event }) {
  const { jobId, deliveries, sent_at: at } = event;
  return (
    <>
      <td>
        <EventLink event={event} />
      </td>
      <td>
        <bdi title={jobId ?? undefined}>{jobId ?? '–'}</bdi>
      </td>
      <td className={own['count']}>{formatCount(deliveries)}</td>
      <td className={own['time']}>
        <Time at={at} />
      </td>
    </>
  );
}

/** All in one, for a phone's width. */
function NarrowCell({ event }: { readonly event: Event }) {
  const { jobId, deliveries, sent_at: at } = event;
  return (
    <td>
      <div className={own['line']}>
        <EventLink event={event} />
        <Time at={at} />
      </div>
      <div className={own['line']}>
        <bdi>{jobId ?? '–'}</bdi>
        <span>{deliveries === 1 ? '1 delivery' : `${formatCount(deliveries)} deliveries`}</span>
      </div>
    </td>
  );
}

/** In the place of the rows that are not in view. */
function Spacer({ height, columns }: { readonly height: number; readonly columns: number }) {
  if (height <= 0) return null;
  return (
    <tbody aria-hidden className={styles['spacer']}>
      <tr>
        <td colSpan={columns} style={{ height }} />
      </tr>
    </tbody>
  );
}
