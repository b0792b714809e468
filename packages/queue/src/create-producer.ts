import { type JobsOptions, Queue } from 'bullmq';
import { askEveryShard } from './ask-every-shard.ts';
import { connectProducer, type OnRedisError } from './connect-redis.ts';
import { type DeliveryJob, type DeliveryJobRequest, type JobName, jobIdOf } from './delivery-job.ts';
import { askAll, type FoundJob, findJobs } from './find-jobs.ts';
import { endpointChanges } from './hear-endpoint-changes.ts';
import { queueNames, shardOf } from './queue-names.ts';
import { readWaiting, type WaitingJobs } from './read-waiting.ts';
import { runCommand } from './run-command.ts';
import { watchSilence } from './watch-silence.ts';

/** What every job of one shard is called; BullMQ wants a name. */
const JOB_NAME = 'deliver';

/** The sending side of the queue. Nothing here waits for an absent Redis longer than its command timeout, and only the first calls do. */
export interface Producer {
  /** @throws when Redis did not take them all; the rows in PostgreSQL are found by the reconciler */
  enqueue(jobs: readonly DeliveryJobRequest[]): Promise<void>;
  /** What the queue holds for each of these, in order. @throws when Redis does not answer */
  findJobs(jobs: readonly JobName[]): Promise<FoundJob[]>;
  /** Jobs by state over all shards: waiting, delayed, active. @throws when Redis does not answer */
  countJobs(): Promise<Readonly<Record<string, number>>>;
  /** Jobs that wait to be taken, over all shards. @throws when Redis does not answer */
  readWaiting(): Promise<WaitingJobs>;
  /** @throws when Redis does not answer for every shard */
  ping(): Promise<void>;
  /** Tells all who listen with `hearEndpointChanges` that an endpoint, or what is open of it, is not what it was. @throws when Redis does not answer */
  announceEndpoint(endpointId: string): Promise<void>;
  /** Runs one Redis command, of one key at the most, for libraries that keep their own small state there. */
  command(name: string, ...args: string[]): Promise<unknown>;
  close(): Promise<void>;
}

export interface ProducerOptions {
  /** One server or nodes of a Redis Cluster: see parseRedisUrl. */
  readonly redisUrl: string;
  readonly shards: number;
  readonly onError: OnRedisError;
}

function jobOptions(job: DeliveryJobRequest): JobsOptions {
  return {
    jobId: jobIdOf(job),
    attempts: job.attemptLimit,
    backoff: { type: 'custom' },
    delay: job.delayMs,
    removeOnComplete: true,
    removeOnFail: true,
    stackTraceLimit: 0,
  };
}

function bulkOf(job: DeliveryJobRequest) {
  const { deliveryId, tenantId, endpointId, generation } = job;
  return { name: JOB_NAME, data: { deliveryId, tenantId, endpointId, generation }, opts: jobOptions(job) };
}

/** Opens the sending side; Redis may be away at that moment, and come and go later. */
export function createProducer({ redisUrl, shards, onError }: ProducerOptions): Producer {
  const redis = connectProducer(redisUrl, onError);
  const queues = queueNames(shards).map(({ name, prefix }) =>
    // Its version check is one question, and a queue that gets no answer to it fails for ever.
    new Queue<DeliveryJob>(name, { connection: redis, prefix, skipVersionCheck: true }).on('error', onError),
  );
  // BullMQ would wait for an absent Redis without limit, and hold on to every job meanwhile.
  const ask = () => askEveryShard(redis, queues);
  const silence = watchSilence(ask);
  const refuseWhileAway = (): void => {
    if (redis.status !== 'ready') throw new Error(`Redis is away (${redis.status})`);
    if (silence.isSilent()) throw new Error('Redis is away (connected, but does not answer)');
  };
  const queueOf = (endpointId: string): Queue<DeliveryJob> => queues[shardOf(endpointId, shards)] as Queue<DeliveryJob>;

  return {
    async enqueue(jobs) {
      refuseWhileAway();
      const groups = queues.map((queue) => ({ queue, jobs: jobs.filter((job) => queueOf(job.endpointId) === queue) }));
      const filled = groups.filter((group) => group.jobs.length > 0);
      await silence.watch(Promise.all(filled.map((group) => group.queue.addBulk(group.jobs.map(bulkOf)))));
    },
    async findJobs(jobs) {
      refuseWhileAway();
      const asked = jobs.map((job, index) => ({ index, queue: queueOf(job.endpointId), id: jobIdOf(job) }));
      return findJobs(asked, { queues, ask: (questions) => silence.watch(askAll(redis, questions)) });
    },
    async countJobs() {
      refuseWhileAway();
      const counts = await silence.watch(
        Promise.all(queues.map((queue) => queue.getJobCounts('waiting', 'delayed', 'active'))),
      );
      const states = counts.flatMap((count) => Object.keys(count));
      return Object.fromEntries(
        [...new Set(states)].map((state) => [state, counts.reduce((sum, count) => sum + (count[state] ?? 0), 0)]),
      );
    },
    async readWaiting() {
      refuseWhileAway();
      return silence.watch(readWaiting(redis, queues));
    },
    async ping() {
      refuseWhileAway();
      await silence.watch(ask());
    },
    async announceEndpoint(endpointId) {
      refuseWhileAway();
      await silence.watch(redis.publish(endpointChanges(redis), endpointId));
    },
    async command(name, ...args) {
      refuseWhileAway();
      return silence.watch(runCommand(redis, name, args));
    },
    async close() {
      silence.stop();
      await Promise.allSettled(queues.map((queue) => queue.close()));
      redis.disconnect();
    },
  };
}
