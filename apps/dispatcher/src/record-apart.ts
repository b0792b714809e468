import type { Logger } from '@posthorn/runtime/create-logger';
import type { AttemptRecord, RecordResult } from '@posthorn/store/engine/record-attempts';

export interface RecordApartDeps {
  readonly record: (records: readonly AttemptRecord[]) => Promise<RecordResult[]>;
  readonly mayRetry: (error: unknown) => boolean;
  readonly log: Logger;
}

/** What the receiver sent is the only thing in a record that could be refused; the attempt itself must be stored. */
const withoutAnswer = (record: AttemptRecord): AttemptRecord => ({
  ...record,
  responseBody: null,
  responseHeaders: null,
});

/**
 * Records a batch; where the database refuses it as a whole, each record alone, so that one cannot spoil its neighbours.
 *
 * @throws when the same write may succeed later
 */
export async function recordApart(deps: RecordApartDeps, records: readonly AttemptRecord[]): Promise<RecordResult[]> {
  try {
    return await deps.record(records);
  } catch (error) {
    if (deps.mayRetry(error)) throw error;
    deps.log.error('recording failed', { records: records.length, error: String(error) });
    if (records.length === 1) return deps.record(records.map(withoutAnswer));
  }
  const results = await Promise.all(records.map((record) => recordApart(deps, [record])));
  return results.flat();
}
