import { createHash } from 'node:crypto';
import type { AskedEvent } from './prepare-request.ts';

/**
 * What makes two requests with one idempotency key the same: types, jobIds and data, in order. White space and the
 * order of the envelope's fields do not matter.
 *
 * @param index tells the events of one batch apart
 */
export function digestRequest(events: readonly AskedEvent[], index: number): Buffer {
  const hash = createHash('sha256').update(JSON.stringify([index]));
  for (const { type, jobId, aggregateVersion, dataText } of events) {
    hash.update(JSON.stringify([type, jobId, aggregateVersion, dataText]));
  }
  return hash.digest();
}
