import { type DeliveryStatus, isOpen } from '@posthorn/domain/delivery/delivery-status';
import type { DeliveryRow } from '@posthorn/store/tenant/list-deliveries';

/** Deliveries whose changes are followed; those with the smallest ids go first. */
const MAX_WATCHED = 200;

/** The deliveries that a client shows and that may still change. */
export interface WatchList {
  /** Ids to read again. */
  ids(): string[];
  /** The client shows these, in a state that is not known. */
  tell(ids: readonly string[]): void;
  /** Notes how these are now. @returns those of which the client knows something else */
  note(rows: readonly DeliveryRow[]): DeliveryRow[];
  /** Passes over ids that were read and not found. */
  forget(ids: readonly string[], found: readonly DeliveryRow[]): void;
}

const stateOf = ({ status, attempts, dueAt }: DeliveryRow): string => `${status} ${attempts} ${dueAt?.getTime()}`;

export function createWatchList(): WatchList {
  /** By id, the state that the client knows. */
  const known = new Map<string, string | null>();
  const trim = (): void => {
    const excess = known.size - MAX_WATCHED;
    if (excess > 0) for (const id of [...known.keys()].sort().slice(0, excess)) known.delete(id);
  };
  return {
    ids: () => [...known.keys()],
    tell(ids) {
      for (const id of ids) if (!known.has(id)) known.set(id, null);
      trim();
    },
    note(rows) {
      const changed = rows.filter((row) => known.get(row.id) !== stateOf(row));
      for (const row of rows) {
        if (isOpen(row.status as DeliveryStatus)) known.set(row.id, stateOf(row));
        else known.delete(row.id);
      }
      trim();
      return changed;
    },
    forget(ids, found) {
      const there = new Set(found.map(({ id }) => id));
      for (const id of ids) if (!there.has(id)) known.delete(id);
    },
  };
}
