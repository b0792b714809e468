import { compareSchemas } from '@posthorn/domain/event-type/compare-schemas';

/** Two schemas to compare; `null` accepts any JSON. */
export interface SchemaPair {
  readonly older: unknown;
  readonly newer: unknown;
}

self.addEventListener('message', ({ data: { older, newer } }: MessageEvent<SchemaPair>) => {
  self.postMessage(compareSchemas(older ?? true, newer ?? true), { transfer: [] });
});
