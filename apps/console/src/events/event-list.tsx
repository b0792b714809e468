import { Button, Group, Text } from '@mantine/core';
import type { Event } from '@posthorn/http-api/event';
import { IconArrowUp, IconSend } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { eventsQuery, newestEventQuery } from '../api/events.ts';
import { firstPage } from '../api/first-page.ts';
import { formatCount } from '../show/format-count.ts';
import { ListMore } from '../show/list-more.tsx';
import { ListEmpty } from '../show/list-states.tsx';
import { NoRows } from '../show/no-rows.tsx';
import { useRowKeys } from '../show/use-row-keys.ts';
import type { EventFilter } from './event-filter.ts';
import { EventTable } from './event-table.tsx';

interface EventListProps {
  readonly filter: EventFilter;
  readonly onClear: () => void;
  /** `null`: this key may not. */
  readonly onSend: (() => void) | null;
}

/** The events that a filter leaves. Another filter is another list. */
export function EventList({ filter, onClear, onSend }: EventListProps) {
  const queryClient = useQueryClient();
  const events = useInfiniteQuery(eventsQuery(filter));
  const rows = useMemo(() => events.data?.pages.flatMap(({ data }) => data) ?? [], [events.data]);
  const readNewer = (): void => {
    queryClient.setQueryData(eventsQuery(filter).queryKey, (pages) => pages && firstPage(pages));
    void events.refetch();
  };
  if (rows.length === 0) {
    return (
      <NoRows query={events} isFiltered={Object.values(filter).some(Boolean)} onClear={onClear}>
        <NoEvents onSend={onSend} />
      </NoRows>
    );
  }
  return (
    <EventRows filter={filter} rows={rows} total={events.hasNextPage ? -1 : rows.length} onNewer={readNewer}>
      <ListMore query={events}>
        {rows.length === 1 ? 'One event, no more.' : `All ${formatCount(rows.length)} events.`}
      </ListMore>
    </EventRows>
  );
}

interface Rows {
  readonly filter: EventFilter;
  readonly rows: readonly Event[];
  /** How many there are; -1: not known, as there are further pages. */
  readonly total: number;
  /** Reads the first page anew. */
  readonly onNewer: () => void;
  /** After the last row. */
  readonly children: ReactNode;
}

function EventRows({ filter, rows, total, onNewer, children }: Rows) {
  const navigate = useNavigate();
  const open = (eventId: string): void => void navigate({ to: '/events/$eventId', params: { eventId } });
  const keys = useRowKeys(rows, open);
  const showNewer = (): void => {
    keys.reveal.current(0);
    onNewer();
  };
  return (
    <>
      <NewerEvents filter={filter} newestId={rows[0]?.id ?? ''} onShow={showNewer} />
      <EventTable {...keys} rows={rows} total={total} onOpen={open}>
        {children}
      </EventTable>
    </>
  );
}

interface Newer {
  readonly filter: EventFilter;
  readonly newestId: string;
  readonly onShow: () => void;
}

/** Says that there are newer events, in a line that has its place already, so that the list does not move. */
function NewerEvents({ filter, newestId, onShow }: Newer) {
  const { data: newest } = useQuery(newestEventQuery(filter));
  // Ids sort by creation.
  const hasNewer = newest ? newest.id > newestId : false;
  return (
    <Group h={30} mb={4} aria-live="polite">
      {hasNewer && (
        <Button variant="light" size="compact-sm" leftSection={<IconArrowUp size={14} aria-hidden />} onClick={onShow}>
          Show newer events
        </Button>
      )}
    </Group>
  );
}

function NoEvents({ onSend }: Pick<EventListProps, 'onSend'>) {
  return (
    <ListEmpty title="No event yet">
      <Text>
        Your service posts events with <code>POST /v1/events</code>, and Posthorn delivers them to every endpoint that
        wants them.
      </Text>
      {onSend ? (
        <Button leftSection={<IconSend size={16} aria-hidden />} onClick={onSend}>
          Send event
        </Button>
      ) : (
        <Text size="sm" c="dimmed">
          This key may only read: sign in with one that has events:write to send one from here.
        </Text>
      )}
    </ListEmpty>
  );
}
