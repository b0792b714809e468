import { uuidFloor, uuidMoment } from '@posthorn/domain/uuid-time';

/** Ids are made before their rows are committed: a row may come so much later than a newer one. */
const LATE_COMMIT_MS = 5_000;
/** A delivery may come to have a status that is asked for so long after it was made. */
const LATE_STATUS_MS = 600_000;
/** Ids that are kept so as not to send them twice. */
const MAX_SEEN = 500;

/** What a stream has still to look at: ids above `floor`, but those in `seen`. Ids are UUIDv7, which sort by time. */
export interface LiveWindow {
  readonly floor: string;
  /** Sorted. */
  readonly seen: readonly string[];
  /** How long after a newer one a delivery may still turn up, in ms. */
  readonly lateMs: number;
}

/** The least id there can be. */
export const NO_ID: string = uuidFloor(new Date(0));

const later = (a: string, b: string): string => (a > b ? a : b);
const floorBefore = (at: Date, ms: number): string => uuidFloor(new Date(at.getTime() - ms));

/**
 * The window of who knows these deliveries: what is newer is news, and what turns up late between them.
 *
 * @param floor what is not above it is no news
 * @param byStatus whether only some statuses are wanted
 */
export function openWindow(known: readonly string[], floor: string, byStatus: boolean): LiveWindow {
  const lateMs = byStatus ? LATE_STATUS_MS : LATE_COMMIT_MS;
  return settle({ floor, seen: [...new Set(known)].sort(), lateMs });
}

/** The window after a look into it at a moment, which found these. */
export function advanceWindow({ floor, seen, lateMs }: LiveWindow, found: readonly string[], now: Date): LiveWindow {
  // Else a stream that finds little would look through ever more.
  const recent = later(floor, floorBefore(now, LATE_STATUS_MS));
  return settle({ floor: recent, seen: [...new Set([...seen, ...found])].sort(), lateMs });
}

/** Raises the floor to where nothing turns up any more, and forgets what is beneath it. */
function settle({ floor, seen, lateMs }: LiveWindow): LiveWindow {
  const newest = seen.at(-1);
  const settled = newest === undefined ? floor : later(floor, floorBefore(uuidMoment(newest), lateMs));
  const kept = seen.filter((id) => id > settled);
  const excess = kept.slice(0, -MAX_SEEN);
  return { floor: excess.at(-1) ?? settled, seen: kept.slice(-MAX_SEEN), lateMs };
}
