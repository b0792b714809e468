import { createHash } from 'node:crypto';
import type { AskedEvent } from './prepare-request.ts';

/**
 * What makes two requests with one idempotency key the same: types, jobIds and data, in order. White space and the
 * order of the envelope's fields do not matter.
 *
 * @param kind a batch under one key is never the same as a single event under it
 */
export function digestRequest(kind: 'event' | 'batch', events: readonly AskedEvent[]): Buffer {
  const hash = createHash('sha256').update(kind);
  for (const { type, jobId, aggregateVersion, dataText } of events) {
    hash.update(JSON.stringify([type, jobId, aggregateVersion, dataText]));
  }
  return hash.digest();
}
