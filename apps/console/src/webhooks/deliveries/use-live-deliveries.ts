import type { Delivery } from '@posthorn/http-api/delivery';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { RowRange } from '../../show/lay-out-rows.ts';
import type { DeliveryFields } from './delivery-filter.ts';
import { matchesFields } from './matches-fields.ts';
import {
  forgetOld,
  type LiveChanges,
  type Loaded,
  mergeLive,
  NO_CHANGES,
  type Present,
  receiveLive,
  showWaiting,
} from './merge-live.ts';
import { type StreamState, useLiveStream } from './use-live-stream.ts';
import { useReread } from './use-reread.ts';

/** `reread`: no stream tells of such a list, it is read again instead. */
export type LiveState = StreamState | 'paused' | 'reread';

interface Asked {
  readonly fields: DeliveryFields;
  /** null: not loaded yet. */
  readonly loaded: Loaded | null;
  readonly isPaused: boolean;
  /** Whether new rows may come in: the list stands at its top, and nobody rests on it. */
  readonly mayInsert: boolean;
  readonly inView: RefObject<RowRange>;
  /** Reads the first page anew. @returns whether it could */
  readonly refresh: () => Promise<boolean>;
}

export interface Live {
  readonly rows: readonly Delivery[];
  readonly state: LiveState;
  readonly arrived: number;
  readonly waiting: number;
  /** Whether more wait than are counted. */
  readonly hasMore: boolean;
  readonly showNew: () => void;
  /** Takes in what came by another way, such as the answer to a replay. */
  readonly receive: (news: readonly Delivery[]) => void;
}

const NOTHING_LOADED: Loaded = { rows: [], isComplete: false };

/** The rows of the list, kept current by the live stream. */
export function useLiveDeliveries({ fields, loaded, isPaused, mayInsert, inView, refresh }: Asked): Live {
  const [changes, setChanges] = useState<LiveChanges>(NO_CHANGES);
  const rows = useMemo(() => mergeLive(loaded ?? NOTHING_LOADED, changes.shown), [loaded, changes.shown]);
  const present = useRef<Present | null>(null);
  const newest = useRef<string | undefined>(undefined);
  const ids = useMemo(() => new Set(rows.map(({ id }) => id)), [rows]);
  // Nothing moves in an empty list.
  const isOpenToNew = mayInsert || rows.length === 0;
  useLayoutEffect(() => {
    present.current = {
      rows,
      ids,
      isComplete: loaded?.isComplete ?? false,
      mayInsert: isOpenToNew,
      isWanted: (delivery) => matchesFields(delivery, fields, Date.now()),
    };
    newest.current = [...changes.waiting.keys(), ...rows.slice(0, 1).map(({ id }) => id)].sort().at(-1);
  });

  const receive = useCallback((news: readonly Delivery[]): void => {
    setChanges((current) => (present.current ? receiveLive(current, present.current, news) : current));
  }, []);

  const latest = useRef(changes);
  useLayoutEffect(() => {
    latest.current = changes;
  });
  const readAnew = useCallback(async (): Promise<void> => {
    const old = latest.current;
    setChanges((current) => ({ ...showWaiting(current), isFull: false }));
    if (await refresh()) setChanges((current) => forgetOld(current, old));
  }, [refresh]);

  const showNew = useCallback((): void => {
    if (changes.isFull) void readAnew();
    else setChanges(showWaiting);
  }, [changes.isFull, readAnew]);

  const hasNews = changes.waiting.size > 0 || changes.isFull;
  useEffect(() => {
    if (isOpenToNew && hasNews) showNew();
  }, [isOpenToNew, hasNews, showNew]);

  const onGap = useCallback(() => setChanges((current) => ({ ...current, isFull: true })), []);
  const shownRows = useCallback(() => present.current?.rows ?? [], []);
  const newestId = useCallback(() => newest.current, []);
  const isTold = fields.overdue === undefined;
  const isOpen = loaded !== null && !isPaused && isTold;
  useReread(!isTold && loaded !== null && !isPaused && isOpenToNew, readAnew);
  const state = useLiveStream({ fields, isOpen, shownRows, newestId, inView, receive, onGap });
  return {
    rows,
    state: isPaused ? 'paused' : isTold ? state : 'reread',
    arrived: changes.arrived,
    waiting: changes.waiting.size,
    hasMore: changes.isFull,
    showNew,
    receive,
  };
}
