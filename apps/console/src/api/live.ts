import type { Delivery } from '@posthorn/http-api/delivery';
import { actingTenant, queryText } from './client.ts';
import { onLeaving } from './leaving.ts';

/** Deliveries whose changes may be asked for. */
export const MAX_WATCHED = 100;

/** Filters that the stream knows. It tells what was made at any time. */
const FILTERS = ['status', 'endpoint_id', 'event_id', 'type', 'jobId'] as const;

/** What a stream is asked for. */
export interface LiveRequest {
  readonly fields: Readonly<Partial<Record<string, string>>>;
  /** The newest delivery that is known; what came since is told. `undefined`: none is. */
  readonly after: string | undefined;
  /** Open deliveries whose changes are told. */
  readonly watch: readonly string[];
}

export interface LiveListener {
  readonly onReady: () => void;
  readonly onDelivery: (delivery: Delivery) => void;
  /** More happened than is told: read the list anew. */
  readonly onGap: () => void;
  /** The stream broke; it does not come back by itself. */
  readonly onBroken: () => void;
}

const PATH = '/v1/stream';
/** Older than any: who knows of no delivery yet is told of every one. */
const NONE_YET = 'dlv_00000000000000000000000000';

export function liveAddress({ fields, after, watch }: LiveRequest, tenant: string | null): string {
  const filter = Object.fromEntries(FILTERS.map((name) => [name, fields[name]]));
  return `${PATH}${queryText({ ...filter, after: after ?? NONE_YET, watch: watch.slice(0, MAX_WATCHED).join(','), tenant })}`;
}

/**
 * Listens to deliveries as they come and change. A stream that broke is not taken up by the browser: the next one must
 * ask for what is known by then.
 *
 * @returns ends it
 */
export function openLive(request: LiveRequest, { onReady, onDelivery, onGap, onBroken }: LiveListener): () => void {
  const source = new EventSource(liveAddress(request, actingTenant()));
  source.addEventListener('open', onReady);
  source.addEventListener('ready', onReady);
  source.addEventListener('delivery', ({ data }: MessageEvent<string>) => onDelivery(JSON.parse(data) as Delivery));
  source.addEventListener('gap', onGap);
  const close = (): void => {
    forget();
    source.close();
  };
  const end = (): void => {
    close();
    onBroken();
  };
  const forget = onLeaving(end);
  source.addEventListener('error', end);
  return close;
}
