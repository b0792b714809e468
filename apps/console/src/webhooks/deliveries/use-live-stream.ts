import { useDocumentVisibility } from '@mantine/hooks';
import type { Delivery } from '@posthorn/http-api/delivery';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { readDeliveries } from '../../api/deliveries.ts';
import { MAX_WATCHED, openLive } from '../../api/live.ts';
import type { RowRange } from '../../show/lay-out-rows.ts';
import { chooseWatched } from './choose-watched.ts';
import type { DeliveryFields } from './delivery-filter.ts';

/** News that come within this are shown together. */
const GATHER_MS = 250;
const REOPEN_FIRST_MS = 1_000;
const REOPEN_MAX_MS = 15_000;
const COVER_CHECK_MS = 2_000;

export type StreamState = 'connecting' | 'live' | 'interrupted';

interface Stream {
  readonly fields: DeliveryFields;
  readonly isOpen: boolean;
  readonly shownRows: () => readonly Delivery[];
  /** The newest delivery that is known. */
  readonly newestId: () => string | undefined;
  readonly inView: RefObject<RowRange>;
  readonly receive: (news: readonly Delivery[]) => void;
  readonly onGap: () => void;
}

/** Hands over what came in batches, so that a burst does not draw the list a hundred times. */
function gather(receive: (news: readonly Delivery[]) => void) {
  let gathered: Delivery[] = [];
  let timer: number | null = null;
  const flush = (): void => {
    if (timer !== null) window.clearTimeout(timer);
    timer = null;
    if (gathered.length > 0) receive(gathered);
    gathered = [];
  };
  const add = (delivery: Delivery): void => {
    gathered.push(delivery);
    timer ??= window.setTimeout(flush, GATHER_MS);
  };
  return { add, flush };
}

/** Holds the stream open while the page is looked at, and asks for another when it breaks or other rows come into view. */
export function useLiveStream({ fields, isOpen, shownRows, newestId, inView, receive, onGap }: Stream): StreamState {
  const [state, setState] = useState<StreamState>('connecting');
  const [round, setRound] = useState(0);
  const failures = useRef(0);
  const isLookedAt = useDocumentVisibility() === 'visible';
  useEffect(() => {
    if (!isOpen || !isLookedAt) return;
    const watch = chooseWatched(shownRows(), inView.current, MAX_WATCHED);
    const covered = new Set(watch);
    const { add, flush } = gather(receive);
    const again = (): void => setRound((current) => current + 1);
    let reopening: number | null = null;
    const close = openLive(
      { fields, after: newestId(), watch },
      {
        onReady() {
          failures.current = 0;
          setState('live');
        },
        onDelivery(delivery) {
          covered.add(delivery.id);
          add(delivery);
        },
        onGap,
        onBroken() {
          setState('interrupted');
          reopening = window.setTimeout(again, Math.min(REOPEN_MAX_MS, REOPEN_FIRST_MS * 2 ** failures.current));
          failures.current += 1;
          // Meanwhile the list is read as without a stream; that this fails too changes nothing.
          readDeliveries(fields)
            .then(({ data }) => receive(data))
            .catch(() => undefined);
        },
      },
    );
    const isUncovered = (): boolean => {
      const { first, last } = inView.current;
      const rows = shownRows().slice(first, last + 1);
      return chooseWatched(rows, { first: 0, last: rows.length }, MAX_WATCHED).some((id) => !covered.has(id));
    };
    const coverCheck = window.setInterval(() => {
      if (reopening === null && isUncovered()) again();
    }, COVER_CHECK_MS);
    return () => {
      close();
      window.clearInterval(coverCheck);
      if (reopening !== null) window.clearTimeout(reopening);
      flush();
    };
  }, [fields, isOpen, isLookedAt, round, shownRows, newestId, inView, receive, onGap]);
  return state;
}
