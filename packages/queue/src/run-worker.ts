import { DelayedError, type Job, UnrecoverableError, Worker } from 'bullmq';
import { connectWorker, type OnRedisError } from './connect-redis.ts';
import type { DeliveryJob } from './delivery-job.ts';
import { queueNames } from './queue-names.ts';

/** A killed dispatcher's jobs are taken over after about lock + two intervals. */
const LOCK_MS = 15_000;
const STALLED_INTERVAL_MS = 5_000;
/** PostgreSQL counts attempts, interrupted ones included, so the queue must never give a delivery up by itself. */
const MAX_STALLED = 1_000;
/** After a connection error a state change is tried again this soon; BullMQ's default is 15 s. */
const RUN_RETRY_MS = 1_000;
/** Seconds that an idle worker's blocking read lasts. */
const DRAIN_SECONDS = 5;
/** Closing waits for Redis without limit while it is away. */
const CLOSE_BUDGET_MS = 2_000;

/** What a job comes to. `retry` and `postpone` bring it back; only `retry` counts as an attempt in the queue. */
export type JobVerdict =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'retry'; readonly delayMs: number; readonly reason: string }
  | { readonly kind: 'postpone'; readonly delayMs: number };

const HAND_BACK: JobVerdict = { kind: 'postpone', delayMs: 0 };

/** Carries the decided wait from the attempt to the backoff strategy. */
class RetryLater extends Error {
  readonly delayMs: number;
  constructor(reason: string, delayMs: number) {
    super(reason);
    this.delayMs = delayMs;
  }
}

/** How long BullMQ waits before it runs a job again: what was decided, and recorded as the row's `next_retry_at`. */
const backoffStrategy = (_attemptsMade: number, _type?: string, error?: Error): number =>
  error instanceof RetryLater ? error.delayMs : RUN_RETRY_MS;

export interface WorkerGroupOptions {
  readonly redisUrl: string;
  readonly shards: number;
  /** Jobs under way at once, over all shards. */
  readonly concurrency: number;
  readonly onError: OnRedisError;
  /** Must not throw for anything that can be expected; what it throws is retried like a bug, after a second. */
  readonly process: (job: DeliveryJob) => Promise<JobVerdict>;
}

/** The receiving side of the queue. */
export interface WorkerGroup {
  /** Takes no new job until {@link WorkerGroup.resume}; one that is being fetched at that moment is still processed. */
  pause(): Promise<void>;
  /** Does nothing after {@link WorkerGroup.quiet}. */
  resume(): Promise<void>;
  /** Takes no new job from now on; one that is being fetched at that moment goes back. */
  quiet(): Promise<void>;
  /** Lets jobs under way tell the queue what came of them, as long as Redis answers. */
  close(): Promise<void>;
}

async function settle(job: Job<DeliveryJob>, token: string | undefined, verdict: JobVerdict): Promise<void> {
  if (verdict.kind === 'done') return;
  if (verdict.kind === 'failed') throw new UnrecoverableError(verdict.reason);
  if (verdict.kind === 'retry') throw new RetryLater(verdict.reason, verdict.delayMs);
  await job.moveToDelayed(Date.now() + verdict.delayMs, token);
  throw new DelayedError();
}

/** Starts a worker per shard; each may have all of `concurrency` under way, the caller bounds their sum. */
export function runWorkers({ redisUrl, shards, concurrency, onError, process }: WorkerGroupOptions): WorkerGroup {
  let quiet = false;
  const connections = queueNames(shards).map(() => connectWorker(redisUrl, onError));
  const workers = queueNames(shards).map(({ name, prefix }, shard) => {
    const worker = new Worker<DeliveryJob, void>(
      name,
      // A worker that was waiting when it was paused still takes the next job; it goes straight back.
      async (job, token) => settle(job, token, quiet ? HAND_BACK : await process(job.data)),
      {
        connection: connections[shard] as (typeof connections)[number],
        prefix,
        concurrency,
        lockDuration: LOCK_MS,
        stalledInterval: STALLED_INTERVAL_MS,
        maxStalledCount: MAX_STALLED,
        runRetryDelay: RUN_RETRY_MS,
        drainDelay: DRAIN_SECONDS,
        settings: { backoffStrategy },
      },
    );
    return worker.on('error', onError);
  });

  const pause = async (): Promise<void> => {
    await Promise.allSettled(workers.map((worker) => worker.pause(true)));
  };
  return {
    pause,
    async resume() {
      if (!quiet) await Promise.allSettled(workers.map((worker) => worker.resume()));
    },
    async quiet() {
      quiet = true;
      await pause();
    },
    async close() {
      const budget = new Promise((resolve) => setTimeout(resolve, CLOSE_BUDGET_MS).unref());
      await Promise.race([Promise.allSettled(workers.map((worker) => worker.close())), budget]);
      for (const connection of connections) connection.disconnect();
    },
  };
}
