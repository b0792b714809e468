import { Anchor } from '@mantine/core';
import type { Event } from '@posthorn/http-api/event';
import { Link } from '@tanstack/react-router';
import { ForeignText } from '../show/foreign-text.tsx';
import { formatCount } from '../show/format-count.ts';
import { GridRow } from '../show/grid-row.tsx';
import type { RowPlace } from '../show/row-grid.tsx';
import { Time } from '../show/time.tsx';
import styles from './event-table.module.css';

interface Row extends RowPlace {
  readonly event: Event;
  readonly isNarrow: boolean;
  readonly onOpen: (id: string) => void;
  readonly onActivate: (id: string) => void;
}

/** A row of the list. */
export function EventRow({ event, isNarrow, ...row }: Row) {
  return (
    <GridRow id={event.id} {...row}>
      {isNarrow ? <NarrowCell event={event} /> : <WideCells event={event} />}
    </GridRow>
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
      <ForeignText text={type} />
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
      <td>{jobId === null ? '–' : <ForeignText text={jobId} isTitled />}</td>
      <td className={styles['count']}>{formatCount(deliveries)}</td>
      <td className={styles['time']}>
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
      <div className={styles['line']}>
        <EventLink event={event} />
        <Time at={at} />
      </div>
      <div className={styles['line']}>
        <ForeignText text={jobId ?? '–'} />
        <span>{deliveries === 1 ? '1 delivery' : `${formatCount(deliveries)} deliveries`}</span>
      </div>
    </td>
  );
}
