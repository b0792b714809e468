import { Button, Center, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowUp, IconSend } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { ApiError } from '../api/client.ts';
import { eventsQuery, newestEventQuery } from '../api/events.ts';
import { useMay } from '../shell/use-session.ts';
import { formatCount } from '../show/format-count.ts';
import { ListEmpty, ListFailed, ListLoading, NoResult, RefusedFilter } from '../show/list-states.tsx';
import { PageHead } from '../show/page-head.tsx';
import { useListKeys } from '../webhooks/deliveries/use-list-keys.ts';
import type { EventFilter } from './event-filter.ts';
import { EventFilters } from './event-filters.tsx';
import { EventTable } from './event-table.tsx';
import { SendEvent } from './send-event.tsx';

/** Every event that was accepted, newest first. */
export function EventsPage() {
  const filter = useSearch({ from: '/signed-in/events' });
  const navigate = useNavigate();
  const maySend = useMay('events:write');
  const [sending, dialog] = useDisclosure(false);
  const searchField = useRef<HTMLInputElement>(null);
  const narrow = (changed: EventFilter): void => void navigate({ to: '/events', search: changed, replace: true });
  useListKeys({ '/': () => searchField.current?.focus() });
  return (
    <>
      <PageHead title="Events">
        {maySend && (
          <Button leftSection={<IconSend size={16} aria-hidden />} onClick={dialog.open}>
            Send event
          </Button>
        )}
      </PageHead>
      <EventFilters filter={filter} onChange={narrow} searchField={searchField} />
      <EventList
        key={JSON.stringify(filter)}
        filter={filter}
        onClear={() => narrow({})}
        onSend={maySend ? dialog.open : null}
      />
      {maySend && <SendEvent opened={sending} onClose={dialog.close} />}
    </>
  );
}

interface EventListProps {
  readonly filter: EventFilter;
  readonly onClear: () => void;
  /** `null`: this key may not. */
  readonly onSend: (() => void) | null;
}

function EventList({ filter, onClear, onSend }: EventListProps) {
  const queryClient = useQueryClient();
  const events = useInfiniteQuery(eventsQuery(filter));
  const navigate = useNavigate();
  const [activeId, setActiveId] = useState<string | null>(null);
  const reveal = useRef<(index: number) => void>(() => undefined);
  const rows = events.data?.pages.flatMap(({ data }) => data) ?? [];
  const showNewer = (): void => {
    // Pages further down would be read again one by one.
    queryClient.setQueryData(eventsQuery(filter).queryKey, (known) =>
      known ? { pages: known.pages.slice(0, 1), pageParams: known.pageParams.slice(0, 1) } : known,
    );
    reveal.current(0);
    void events.refetch();
  };
  const open = (eventId: string): void => void navigate({ to: '/events/$eventId', params: { eventId } });
  const move = (by: number): void => {
    const index = rows.findIndex(({ id }) => id === activeId);
    const next = rows[Math.min(rows.length - 1, Math.max(0, index + by))];
    if (!next) return;
    setActiveId(next.id);
    reveal.current(rows.indexOf(next));
    // The row may be made only once it is in view.
    requestAnimationFrame(() => document.getElementById(next.id)?.focus({ preventScroll: true }));
  };
  useListKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Home: () => move(-rows.length),
    End: () => move(rows.length),
    Enter: () => {
      if (activeId !== null) open(activeId);
    },
  });
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
    <>
      <NewerEvents filter={filter} newestId={rows[0]?.id ?? ''} onShow={showNewer} />
      <EventTable rows={rows} activeId={activeId} onOpen={open} onActivate={setActiveId} reveal={reveal}>
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
