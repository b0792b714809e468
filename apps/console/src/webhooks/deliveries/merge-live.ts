import { isOpen } from '@posthorn/domain/delivery/delivery-status';
import type { Delivery } from '@posthorn/http-api/delivery';

export type DeliveriesById = ReadonlyMap<string, Delivery>;

/** Changes that are kept beside what was loaded. */
export const MAX_SHOWN_CHANGES = 5_000;
/** New deliveries that wait while no rows may come in. */
export const MAX_WAITING = 1_000;

/** What came live, beside the pages that were loaded. */
export interface LiveChanges {
  readonly shown: DeliveriesById;
  readonly waiting: DeliveriesById;
  /** How many rows came in all. */
  readonly arrived: number;
  /** Whether more came than can be kept: the list must be read anew. */
  readonly isFull: boolean;
}

export const NO_CHANGES: LiveChanges = { shown: new Map(), waiting: new Map(), arrived: 0, isFull: false };

/** What was loaded. */
export interface Loaded {
  /** Newest first by id. */
  readonly rows: readonly Delivery[];
  /** Whether there are no further pages. */
  readonly isComplete: boolean;
}

/** A delivery never leaves a final status and never loses an attempt, so news of such a kind is old. */
const isOlder = (news: Delivery, known: Delivery): boolean =>
  (isOpen(news.status) && !isOpen(known.status)) || news.attempts < known.attempts;

const newerOf = (known: Delivery | undefined, news: Delivery): Delivery =>
  known && isOlder(news, known) ? known : news;

const byIdDescending = (one: Delivery, other: Delivery): number => (one.id < other.id ? 1 : one.id > other.id ? -1 : 0);

/** What lies beyond the last page that was loaded comes with its own page. */
const isInRange = ({ rows, isComplete }: Loaded, id: string): boolean => isComplete || id > (rows.at(-1)?.id ?? '');

/** The rows to show: what was loaded, in its newest state, and what came since; newest first by id, each once. */
export function mergeLive(loaded: Loaded, shown: DeliveriesById): readonly Delivery[] {
  if (shown.size === 0) return loaded.rows;
  const known = new Set(loaded.rows.map(({ id }) => id));
  const current = loaded.rows.map((row) => newerOf(row, shown.get(row.id) ?? row));
  const added = [...shown.values()].filter(({ id }) => !known.has(id) && isInRange(loaded, id));
  return added.length === 0 ? current : [...current, ...added].sort(byIdDescending);
}

/** Keeps the newest that fit; a map gives its keys in the order in which they were set. */
function bounded(map: Map<string, Delivery>, max: number): Map<string, Delivery> {
  for (const id of map.keys()) {
    if (map.size <= max) break;
    map.delete(id);
  }
  return map;
}

/** What is shown now, as {@link receiveLive} needs it. */
export interface Present extends Loaded {
  readonly ids: ReadonlySet<string>;
  /** Whether new rows may be put in; if not they wait. Rows that are shown always change in their place. */
  readonly mayInsert: boolean;
  /** Whether a delivery belongs into the list. */
  readonly isWanted: (delivery: Delivery) => boolean;
}

/** Takes in what came. Both maps stay bounded. */
export function receiveLive(changes: LiveChanges, present: Present, news: readonly Delivery[]): LiveChanges {
  const shown = new Map(changes.shown);
  const waiting = new Map(changes.waiting);
  let { arrived } = changes;
  for (const delivery of news) {
    const { id } = delivery;
    const isKnown = present.ids.has(id) || shown.has(id) || waiting.has(id);
    if (!isKnown && !present.isWanted(delivery)) continue;
    const isRow = !isKnown && isInRange(present, id);
    if (isRow) arrived += 1;
    const kept = waiting.has(id) || (isRow && !present.mayInsert) ? waiting : shown;
    const newest = newerOf(kept.get(id), delivery);
    kept.delete(id);
    kept.set(id, newest);
  }
  const isFull = changes.isFull || shown.size > MAX_SHOWN_CHANGES || waiting.size > MAX_WAITING;
  return { shown: bounded(shown, MAX_SHOWN_CHANGES), waiting: bounded(waiting, MAX_WAITING), arrived, isFull };
}

/** Shows what waited. */
export const showWaiting = (changes: LiveChanges): LiveChanges =>
  changes.waiting.size === 0
    ? changes
    : {
        ...changes,
        shown: bounded(new Map([...changes.shown, ...changes.waiting]), MAX_SHOWN_CHANGES),
        waiting: new Map(),
      };

const without = (map: DeliveriesById, old: DeliveriesById): DeliveriesById =>
  new Map([...map].filter(([id, delivery]) => old.get(id) !== delivery));

/** What came after `old`: the list was read anew since, so the rest is in it. */
export const forgetOld = (changes: LiveChanges, old: LiveChanges): LiveChanges => ({
  shown: without(without(changes.shown, old.shown), old.waiting),
  waiting: without(changes.waiting, old.waiting),
  arrived: changes.arrived,
  isFull: false,
});
