import { performance } from 'node:perf_hooks';
import { DelayedError, type Job, UnrecoverableError } from 'bullmq';
import { connectWorker, type OnRedisError } from './connect-redis.ts';
import type { DeliveryJob } from './delivery-job.ts';
import { queueNames } from './queue-names.ts';
import { WideningWorker } from './widening-worker.ts';

/** A killed dispatcher's jobs are taken over after about lock + two intervals. */
const LOCK_MS = 15_000;
const STALLED_INTERVAL_MS = 5_000;
/** PostgreSQL counts attempts, interrupted ones included, so the queue must never give a delivery up by itself. */
const MAX_STALLED = 1_000;
/** After a connection error a state change is tried again this soon; BullMQ's default is 15 s. */
const RUN_RETRY_MS = 1_000;
/** Seconds that an idle worker's blocking read lasts. */
const DRAIN_SECONDS = 5;
/** Jobs wait, none was taken for so long: whatever holds the workers up, new ones may not have it. */
const IDLE_MS = 20_000;
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
  /** One server or nodes of a Redis Cluster: see parseRedisUrl. */
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
  /** For when jobs wait and none is taken: starts workers anew on connections of their own, once in a while at most. */
  renewIfIdle(): void;
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

type Run = (job: Job<DeliveryJob>, token: string | undefined) => Promise<void>;

/** One worker per shard, and their connections. */
function startWorkers({ redisUrl, shards, concurrency, onError }: WorkerGroupOptions, run: Run) {
  return queueNames(shards).map(({ name, prefix }) => {
    const connection = connectWorker(redisUrl, onError);
    const worker = new WideningWorker<DeliveryJob>(name, run, {
      connection,
      prefix,
      concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_INTERVAL_MS,
      maxStalledCount: MAX_STALLED,
      runRetryDelay: RUN_RETRY_MS,
      drainDelay: DRAIN_SECONDS,
      settings: { backoffStrategy },
    });
    return { worker: worker.on('error', onError), connection };
  });
}

type Workers = ReturnType<typeof startWorkers>;

async function closeWorkers(workers: Workers): Promise<void> {
  const budget = new Promise((resolve) => setTimeout(resolve, CLOSE_BUDGET_MS).unref());
  await Promise.race([Promise.allSettled(workers.map(({ worker }) => worker.close())), budget]);
  for (const { connection } of workers) connection.disconnect();
}

/** Starts a worker per shard; each may have all of `concurrency` under way, the caller bounds their sum. */
export function runWorkers(options: WorkerGroupOptions): WorkerGroup {
  let quiet = false;
  let paused = false;
  let progressAt = performance.now();
  const run: Run = async (job, token) => {
    progressAt = performance.now();
    // A worker that was waiting when it was paused still takes the next job; it goes straight back.
    await settle(job, token, quiet ? HAND_BACK : await options.process(job.data));
  };
  let workers = startWorkers(options, run);

  const pause = async (): Promise<void> => {
    paused = true;
    await Promise.allSettled(workers.map(({ worker }) => worker.pause(true)));
  };
  return {
    pause,
    async resume() {
      if (quiet) return;
      paused = false;
      progressAt = performance.now();
      await Promise.allSettled(workers.map(({ worker }) => worker.resume()));
    },
    renewIfIdle() {
      if (quiet || paused || performance.now() - progressAt < IDLE_MS) return;
      progressAt = performance.now();
      options.onError(new Error('Jobs wait and none is taken: the workers are started anew'));
      const old = workers;
      workers = startWorkers(options, run);
      void closeWorkers(old);
    },
    async quiet() {
      quiet = true;
      await pause();
    },
    close: () => closeWorkers(workers),
  };
}
