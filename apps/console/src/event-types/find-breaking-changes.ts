import type { BreakingChange } from '@posthorn/domain/event-type/breaking-change';
import type { SchemaPair } from './compare-worker.ts';

const PATIENCE_MS = 2_000;

/**
 * What breaks when one schema takes the place of another, as the API finds it. In a thread of its own: schemas can be
 * written that take for ever to compare.
 *
 * @param older `null`, like `newer`: any JSON is accepted
 * @returns `null` when it could not be told in time
 */
export function findBreakingChanges(older: unknown, newer: unknown): Promise<readonly BreakingChange[] | null> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./compare-worker.ts', import.meta.url), { type: 'module' });
    const end = (changes: readonly BreakingChange[] | null): void => {
      window.clearTimeout(timer);
      worker.terminate();
      resolve(changes);
    };
    const timer = window.setTimeout(() => end(null), PATIENCE_MS);
    worker.addEventListener('message', ({ data }: MessageEvent<readonly BreakingChange[]>) => end(data));
    worker.addEventListener('error', () => end(null));
    worker.postMessage({ older, newer } satisfies SchemaPair, { transfer: [] });
  });
}
