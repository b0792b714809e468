import {
  listParkedEndpoints,
  PARKED_START,
  type ParkedCursor,
  type ParkedLimits,
} from '@posthorn/store/engine/list-parked-endpoints';
import type { DispatcherDeps } from '../deps.ts';
import { feedFound } from '../feed-parked.ts';
import { type Rounds, runRounds } from './run-rounds.ts';

/** An endpoint that is known goes on by itself; this is how late the first of its parked rows may be found. */
const LOOK_MS = 250;
const AFTER_ERROR_MS = 1_000;
/** What one look shows; each endpoint costs an entry of an index. */
const LIMITS: ParkedLimits = { tenants: 200, endpoints: 1_000 };

/**
 * Finds endpoints with parked rows for as long as the dispatcher runs, and has them fed. Not part of a round of the
 * reconciler: a dispatcher with nothing to do should not wait for one.
 */
export function startFindingParked({ database, gate, openSpan, logError }: DispatcherDeps): Rounds {
  let cursor: ParkedCursor = PARKED_START;
  const look = async (): Promise<number> => {
    const { endpoints, next } = await listParkedEndpoints(database, cursor, LIMITS, openSpan.get());
    cursor = next;
    feedFound(gate, endpoints);
    return LOOK_MS;
  };
  return runRounds(look, AFTER_ERROR_MS, logError('finding parked deliveries'));
}
