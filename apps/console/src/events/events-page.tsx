import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconSend } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useRef } from 'react';
import { useMay } from '../shell/use-session.ts';
import { LateDialog } from '../show/late-dialog.tsx';
import { lazyPart } from '../show/lazy-part.tsx';
import { PageHead } from '../show/page-head.tsx';
import { useListKeys } from '../show/use-list-keys.ts';
import type { EventFilter } from './event-filter.ts';
import { EventFilters } from './event-filters.tsx';
import { EventList } from './event-list.tsx';

const SendEvent = lazyPart(() => import('./send-event.tsx'), 'SendEvent');

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
      <LateDialog opened={maySend && sending}>
        {(opened) => <SendEvent opened={opened} onClose={dialog.close} />}
      </LateDialog>
      <EventFilters filter={filter} onChange={narrow} searchField={searchField} />
      <EventList
        key={JSON.stringify(filter)}
        filter={filter}
        onClear={() => narrow({})}
        onSend={maySend ? dialog.open : null}
      />
    </>
  );
}
