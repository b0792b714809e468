import { createHash } from 'node:crypto';
import type { AskedEvent } from './prepare-request.ts';

/**
 * What makes two requests with one idempotency key the same: types, jobIds, data and ordering keys, in order. White space
 * and the order of the envelope's fields do not matter.
 *
 * @param kind a batch under one key is never the same as a single event under it
 */
export function digestRequest(kind: 'event' | 'batch', events: readonly AskedEvent[]): Buffer {
  const hash = createHash('sha256').update(kind);
  for (const { type, jobId, aggregateVersion, dataText, orderingKey = null } of events) {
    const told = [type, jobId, aggregateVersion, dataText];
    // Keys that are stored were made of requests that knew no ordering key.
    hash.update(JSON.stringify(orderingKey === null ? told : [...told, orderingKey]));
  }
  return hash.digest();
}
