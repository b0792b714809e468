import type { Registry } from './create-metrics.ts';
import { shareWork } from './share-work.ts';

/** Scrapes are seconds apart; rendering some hundred series takes ms of the event loop, and anybody may ask for it. */
const KEEP_MS = 250;

/** The figures of a registry, as they are sent. */
export interface MetricsText {
  /** A media type. */
  readonly type: string;
  /** One for all who are answered with it: what a client leaves unread costs no copy. */
  readonly content: Buffer;
}

/**
 * Renders a registry for whoever asks, and for all who ask within 250 ms of it.
 *
 * @param now milliseconds of a clock that never goes back
 */
export function shareMetrics(registry: Registry, now: () => number): () => Promise<MetricsText> {
  const render = async (): Promise<MetricsText> => ({
    type: registry.contentType,
    content: Buffer.from(await registry.metrics()),
  });
  return shareWork(render, { keepMs: KEEP_MS, now });
}
