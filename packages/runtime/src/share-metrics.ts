import type { Registry } from './create-metrics.ts';
import { shareNext } from './share-next.ts';

/** Scrapes are seconds apart; rendering some hundred series takes ms of the event loop, and anybody may ask for it. */
const REST_MS = 100;

/** The figures of a registry, as they are sent. */
export interface MetricsText {
  /** A media type. */
  readonly type: string;
  /** One for all who are answered with it: what a client leaves unread costs no copy. */
  readonly content: Buffer;
}

/** Renders a registry for whoever asks, and ten times a second at the most: what happened before somebody asked is in it. */
export function shareMetrics(registry: Registry): () => Promise<MetricsText> {
  const render = async (): Promise<MetricsText> => ({
    type: registry.contentType,
    content: Buffer.from(await registry.metrics()),
  });
  return shareNext(render, REST_MS);
}
