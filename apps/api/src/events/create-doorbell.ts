import type { Producer } from '@posthorn/queue/create-producer';
import type { QueueRoom } from '@posthorn/queue/create-queue-room';
import type { DeliveryJobRequest } from '@posthorn/queue/delivery-job';
import type { RoomWatch } from '@posthorn/queue/watch-room';
import type { Logger } from '@posthorn/runtime/create-logger';
import type { Counter } from '@posthorn/runtime/create-metrics';
import { gather } from '@posthorn/runtime/gather';
import type { DueDelivery } from '@posthorn/store/engine/event-request';

/** Lets the queue know of due deliveries. Nobody waits for it, and what it misses the reconciler finds. */
export interface Doorbell {
  ring(due: readonly DueDelivery[]): void;
  /** Resolves when everything that was rung has been tried, or the time is up. */
  flush(budgetMs: number): Promise<void>;
}

export interface DoorbellDeps {
  readonly producer: Pick<Producer, 'enqueue'>;
  readonly room: Pick<QueueRoom, 'take' | 'settle'>;
  readonly roomWatch: Pick<RoomWatch, 'look'>;
  readonly log: Logger;
  /** Counts deliveries that did not reach the queue. */
  readonly failures: Counter;
}

/** Redis makes one call's jobs while the next one's are written; measured in docs/performance.md. */
const MAX_JOBS_PER_CALL = 200;
const MAX_CALLS = 2;
/** With a slow Redis more than this would only fill the memory; PostgreSQL holds them anyway. */
const MAX_WAITING_JOBS = 50_000;
const ENQUEUE_BUDGET_MS = 2_000;
const LOG_EVERY_MS = 1_000;

function withBudget<Result>(work: Promise<Result>, budgetMs: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${budgetMs} ms`)), budgetMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Says how many deliveries missed the queue, once a second at most. */
function createComplaint(log: Logger): (count: number) => void {
  let missed = 0;
  let quietUntil = 0;
  return (count) => {
    missed += count;
    if (Date.now() < quietUntil) return;
    log.warn('deliveries not enqueued; the reconciler will', { deliveries: missed });
    missed = 0;
    quietUntil = Date.now() + LOG_EVERY_MS;
  };
}

export function createDoorbell({ producer, room, roomWatch, log, failures }: DoorbellDeps): Doorbell {
  const complain = createComplaint(log);
  const missed = (count: number): void => {
    failures.inc(count);
    complain(count);
  };
  const enqueue = gather<DeliveryJobRequest, void>({
    maxItems: MAX_JOBS_PER_CALL,
    maxBatches: MAX_CALLS,
    maxWaiting: MAX_WAITING_JOBS,
    flush: async (jobs) => {
      await withBudget(producer.enqueue(jobs), ENQUEUE_BUDGET_MS);
      room.settle(jobs.length, true);
      return [];
    },
  });
  let waiting = 0;
  let idle: (() => void) | undefined;
  const done = (): void => {
    waiting -= 1;
    if (waiting === 0) idle?.();
  };
  return {
    ring(due) {
      for (const { id, ...rest } of due) {
        if (!room.take(rest)) {
          failures.inc();
          continue;
        }
        waiting += 1;
        const job = { ...rest, deliveryId: id, delayMs: 0 };
        enqueue(job)
          .catch(() => {
            room.settle(1, false);
            missed(1);
          })
          .finally(done);
      }
      roomWatch.look();
    },
    flush: (budgetMs) =>
      waiting === 0
        ? Promise.resolve()
        : withBudget(new Promise<void>((resolve) => (idle = resolve)), budgetMs).catch(() => undefined),
  };
}
