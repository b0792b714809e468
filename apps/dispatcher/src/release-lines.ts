import type { DeliveryJobRequest } from '@posthorn/queue/delivery-job';
import { gather } from '@posthorn/runtime/gather';
import type { DueDelivery } from '@posthorn/store/engine/event-request';
import type { OrderingLine } from '@posthorn/store/engine/ordering-line';
import type { EndpointGate } from './gate/endpoint-gate.ts';

const MAX_LINES = 200;
const BATCHES_AT_ONCE = 2;
const MAX_WAITING_LINES = 20_000;

export interface ReleaseLinesDeps {
  readonly release: (lines: readonly OrderingLine[]) => Promise<DueDelivery[]>;
  readonly gate: Pick<EndpointGate, 'hasWaiting' | 'tryEnter'>;
  /** Claims and attempts rows whose turns were taken. */
  readonly attemptEntered: (rows: readonly DueDelivery[]) => Promise<unknown>;
  readonly enqueue: (jobs: readonly DeliveryJobRequest[]) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/**
 * Lets the next delivery of a line go when an attempt has freed it: here and now where its endpoint has a turn that nobody
 * waits for, else by a job, which takes the place of the one that ended. Nobody waits for it, and what it misses the reconciler
 * finds.
 */
export function createLineRelease(deps: ReleaseLinesDeps): (line: OrderingLine) => void {
  const { gate, onError } = deps;
  const start = async (due: readonly DueDelivery[]): Promise<void> => {
    const entered = due.filter((row) => !gate.hasWaiting(row.endpointId) && gate.tryEnter(row));
    const others = due.filter((row) => !entered.includes(row));
    void deps.attemptEntered(entered).catch(onError);
    const jobs = others.map(({ id, ...rest }) => ({ ...rest, deliveryId: id, delayMs: 0 }));
    if (jobs.length > 0) await deps.enqueue(jobs);
  };
  const releaseOne = gather<OrderingLine, void>({
    maxItems: MAX_LINES,
    maxBatches: BATCHES_AT_ONCE,
    maxWaiting: MAX_WAITING_LINES,
    flush: async (lines) => {
      // Beside the next batch: what is released must not wait for Redis.
      void start(await deps.release(lines)).catch(onError);
      return lines.map(() => undefined);
    },
  });
  return (line) => void releaseOne(line).catch(onError);
}
