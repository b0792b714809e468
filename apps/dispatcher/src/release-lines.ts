import type { DeliveryJobRequest } from '@posthorn/queue/delivery-job';
import { gather } from '@posthorn/runtime/gather';
import type { DueDelivery } from '@posthorn/store/engine/event-request';
import type { OrderingLine } from '@posthorn/store/engine/ordering-line';

const MAX_LINES = 200;
const BATCHES_AT_ONCE = 2;
const MAX_WAITING_LINES = 20_000;

export interface ReleaseLinesDeps {
  readonly release: (lines: readonly OrderingLine[]) => Promise<DueDelivery[]>;
  /** @throws when the queue took none of them */
  readonly enqueue: (jobs: readonly DeliveryJobRequest[]) => Promise<void>;
  /** Attempts what there is room for straight from these rows. */
  readonly feedDirectly: (rows: readonly DueDelivery[]) => Promise<unknown>;
  readonly onError: (error: unknown) => void;
}

/**
 * Lets the next delivery of a line go when an attempt has freed it, with a job at once: it takes the place of the one that
 * ended. Nobody waits for it, and what it misses the reconciler finds.
 */
export function createLineRelease({ release, enqueue, feedDirectly, onError }: ReleaseLinesDeps) {
  const releaseOne = gather<OrderingLine, void>({
    maxItems: MAX_LINES,
    maxBatches: BATCHES_AT_ONCE,
    maxWaiting: MAX_WAITING_LINES,
    flush: async (lines) => {
      const due = await release(lines);
      const jobs = due.map(({ id, ...rest }) => ({ ...rest, deliveryId: id, delayMs: 0 }));
      if (jobs.length > 0) await enqueue(jobs).catch(() => feedDirectly(due));
      return lines.map(() => undefined);
    },
  });
  return (line: OrderingLine): void => void releaseOne(line).catch(onError);
}
