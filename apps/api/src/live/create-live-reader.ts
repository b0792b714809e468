import { findDeliveries } from '@posthorn/store/tenant/find-deliveries';
import { type DeliveryFilter, type DeliveryRow, listDeliveries } from '@posthorn/store/tenant/list-deliveries';
import { listNewDeliveries } from '@posthorn/store/tenant/list-new-deliveries';
import type { TenantScope } from '../http/resolve-tenant.ts';
import type { TakeTurn } from '../http/take-turns.ts';
import { createWatchList } from './create-watch-list.ts';
import { advanceWindow, type LiveWindow, NO_ID, openWindow } from './live-window.ts';

/** New deliveries that one look brings at the most. */
const MAX_NEW_ROWS = 100;

/** What a client asked for. Ids are UUIDs. */
export interface LiveRequest {
  readonly filter: Omit<DeliveryFilter, 'createdAfter' | 'createdBefore'>;
  /** The newest delivery that it shows. */
  readonly after: string | undefined;
  /** Deliveries that it shows. */
  readonly watch: readonly string[];
  /** Whether its connection was broken: it may have missed anything. */
  readonly resumes: boolean;
}

/** What a look brings: deliveries as they are now, or a `gap`: there was more than is sent, read the list again. */
export type LiveNews =
  | { readonly kind: 'deliveries'; readonly rows: readonly DeliveryRow[] }
  | { readonly kind: 'gap' };

/** Looks for what is new to one client. Whoever calls waits for one call before the next. */
export interface LiveReader {
  /** Deliveries that the client knows and that have changed. */
  readChanged(): Promise<LiveNews>;
  /** Deliveries that the client does not know. */
  readNew(): Promise<LiveNews>;
}

/**
 * Finds out from where on deliveries are new, and then reads them.
 *
 * @param nowMs the wall clock
 */
export async function createLiveReader(
  { id: tenantId, database }: Pick<TenantScope, 'id' | 'database'>,
  { filter, after, watch, resumes }: LiveRequest,
  takeTurn: TakeTurn,
  nowMs: () => number,
): Promise<LiveReader> {
  const watched = createWatchList();
  const byStatus = filter.statuses !== undefined;
  const readNewest = async (): Promise<readonly DeliveryRow[]> => {
    const page = { limit: MAX_NEW_ROWS, before: null };
    return (await takeTurn(tenantId, () => listDeliveries(database, page, filter))).rows;
  };
  const windowBehind = (newest: readonly DeliveryRow[]): LiveWindow => {
    const oldest = newest.length === MAX_NEW_ROWS ? newest.at(-1) : undefined;
    return openWindow(
      newest.map(({ id }) => id),
      oldest?.id ?? NO_ID,
      byStatus,
    );
  };
  let window = after === undefined ? windowBehind(await readNewest()) : openWindow([...watch, after], NO_ID, byStatus);
  /** Where more came late than is sent, or rather is there already, what is not above `after` is left to the list. */
  let strict = after === undefined ? null : openWindow([after], after, byStatus);
  let mustJump = resumes;
  watched.tell(watch);

  /** The client reads the list again after this, so it knows what is read here, or newer. */
  async function jump(): Promise<LiveNews> {
    const newest = await readNewest();
    watched.note(newest);
    window = windowBehind(newest);
    mustJump = false;
    return { kind: 'gap' };
  }

  const findNew = (): Promise<DeliveryRow[]> => {
    const wanted = { after: window.floor, except: window.seen, limit: MAX_NEW_ROWS + 1 };
    return takeTurn(tenantId, () => listNewDeliveries(database, wanted, filter));
  };

  return {
    async readChanged() {
      const ids = watched.ids();
      if (ids.length === 0) return { kind: 'deliveries', rows: [] };
      const rows = await takeTurn(tenantId, () => findDeliveries(database, ids));
      watched.forget(ids, rows);
      return { kind: 'deliveries', rows: watched.note(rows) };
    },
    async readNew() {
      if (mustJump) return jump();
      const now = new Date(nowMs());
      let rows = await findNew();
      if (rows.length > MAX_NEW_ROWS && strict) {
        window = strict;
        rows = await findNew();
      }
      strict = null;
      if (rows.length > MAX_NEW_ROWS) return jump();
      watched.note(rows);
      const found = rows.map(({ id }) => id);
      window = advanceWindow(window, found, now);
      return { kind: 'deliveries', rows };
    },
  };
}
