import { Button, Center, Group, Text } from '@mantine/core';
import type { Event } from '@posthorn/http-api/event';
import { IconArrowUp, IconSend } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useMemo, useRef } from 'react';
import { ApiError } from '../api/client.ts';
import { eventsQuery, newestEventQuery } from '../api/events.ts';
import { formatCount } from '../show/format-count.ts';
import { ListEmpty, ListFailed, ListLoading, NoResult, RefusedFilter } from '../show/list-states.tsx';
import { useActiveRow } from '../show/use-active-row.ts';
import { useListKeys } from '../show/use-list-keys.ts';
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
    // Pages further down would be read again one by one.
    queryClient.setQueryData(eventsQuery(filter).queryKey, (known) =>
      known ? { pages: known.pages.slice(0, 1), pageParams: known.pageParams.slice(0, 1) } : known,
    );
    void events.refetch();
  };
  if (events.isPending) return <ListLoading />;
  const isFiltered = Object.values(filter).some(Boolean);
  if (events.error && rows.length === 0) {
    const isRefused = isFiltered && events.error instanceof ApiError && events.error.status === 400;
    if (isRefused) return <RefusedFilter onClear={onClear} />;
    return <ListFailed error={events.error} onRetry={() => void events.refetch()} />;
  }
  if (rows.length === 0) {
    return isFiltered ? <NoResult onClear={onClear} /> : <NoEvents onSend={onSend} />;
  }
  return (
    <EventRows filter={filter} rows={rows} total={events.hasNextPage ? -1 : rows.length} onNewer={readNewer}>
      <Center p="md">
        {events.hasNextPage ? (
          <Button variant="default" loading={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
            Load more
          </Button>
        ) : (
          <Text size="sm" c="dimmed">
            {rows.length === 1 ? 'One event, no more.' : `All ${formatCount(rows.length)} events.`}
          </Text>
        )}
      </Center>
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
  const box = useRef<HTMLDivElement>(null);
  const reveal = useRef<(index: number) => void>(() => undefined);
  const open = (eventId: string): void => void navigate({ to: '/events/$eventId', params: { eventId } });
  const active = useActiveRow({ rows, reveal, box, openId: null, onOpen: open });
  useListKeys({
    j: () => active.move(1),
    k: () => active.move(-1),
    ArrowDown: () => active.move(1),
    ArrowUp: () => active.move(-1),
    Home: () => active.to(0),
    End: () => active.to(rows.length - 1),
    Enter: () => active.row && open(active.row.id),
  });
  const showNewer = (): void => {
    reveal.current(0);
    onNewer();
  };
  return (
    <>
      <NewerEvents filter={filter} newestId={rows[0]?.id ?? ''} onShow={showNewer} />
      <EventTable
        rows={rows}
        total={total}
        activeId={active.row?.id ?? null}
        onOpen={open}
        onActivate={active.activate}
        box={box}
        reveal={reveal}
      >
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
