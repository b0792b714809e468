import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { provideRedis, type RunningRedis } from '@posthorn/local-services/provide-redis';
import { claimTestRedis } from '@posthorn/testkit/claim-test-redis';
import { commandRedis } from '@posthorn/testkit/command-redis';
import { eventually } from '@posthorn/testkit/eventually';
import { type Proxy, startProxy } from '@posthorn/testkit/start-proxy';
import { type RedisCluster, startRedisCluster } from '@posthorn/testkit/start-redis-cluster';
import { v7 } from 'uuid';
import { createProducer, type Producer } from '../src/create-producer.ts';
import { type DeliveryJob, type DeliveryJobRequest, jobIdOf } from '../src/delivery-job.ts';
import { hearEndpointChanges } from '../src/hear-endpoint-changes.ts';
import { type JobVerdict, runWorkers, type WorkerGroup } from '../src/run-worker.ts';
import { job } from './delivery-job.ts';

const SHARDS = 3;
const ignore = () => undefined;

/** What the product relies on, whatever stands behind the Redis protocol. */
function conforms(redisUrl: () => string): void {
  let producer: Producer;
  let workers: WorkerGroup | undefined;
  const runs: { job: DeliveryJob; at: number }[] = [];

  beforeEach(async () => {
    runs.length = 0;
    workers = undefined;
    producer = createProducer({ redisUrl: redisUrl(), shards: SHARDS, onError: ignore });
    await eventually(() => producer.ping().then(() => true));
  });
  afterEach(async () => {
    await workers?.close();
    await producer.close();
  });

  /** As the product does it: what a slow server did not confirm is looked for, and added where it is missing. */
  async function enqueue(jobs: readonly DeliveryJobRequest[]): Promise<void> {
    let missing = jobs;
    await eventually(async () => {
      await producer.enqueue(missing).catch(ignore);
      const found = await producer.findJobs(missing);
      const ran = new Set(runs.map(({ job: { deliveryId, generation } }) => `${deliveryId}/${generation}`));
      missing = missing.filter(
        ({ deliveryId, generation }, index) => found[index] === 'none' && !ran.has(`${deliveryId}/${generation}`),
      );
      return missing.length === 0;
    });
  }

  function work(process: (job: DeliveryJob, run: number) => JobVerdict | Promise<JobVerdict>, concurrency = 20): void {
    workers = runWorkers({
      redisUrl: redisUrl(),
      shards: SHARDS,
      concurrency,
      onError: ignore,
      async process(taken) {
        runs.push({ job: taken, at: Date.now() });
        return process(taken, runs.filter(({ job: { deliveryId } }) => deliveryId === taken.deliveryId).length);
      },
    });
  }
  const empty = () =>
    eventually(async () => expect(await producer.countJobs()).toEqual({ waiting: 0, delayed: 0, active: 0 }));

  test('Every job runs once, on whichever shard, and leaves nothing behind', async () => {
    const jobs = Array.from({ length: 100 }, () => job());
    await enqueue(jobs);
    work(() => ({ kind: 'done' }));
    await eventually(() => expect(runs).toHaveLength(100));
    expect(new Set(runs.map(({ job: { deliveryId } }) => deliveryId)).size).toBe(100);
    await empty();
    expect(await producer.findJobs(jobs)).toEqual(jobs.map(() => 'none'));
  });

  test('A delayed job does not run before its time, and not much after it', async () => {
    work(() => ({ kind: 'done' }));
    const addedAt = Date.now();
    await enqueue([job({ delayMs: 700 })]);
    await eventually(() => expect(runs).toHaveLength(1));
    expect((runs[0]?.at ?? 0) - addedAt).toBeGreaterThanOrEqual(690);
    expect((runs[0]?.at ?? 0) - addedAt).toBeLessThan(2_000);
  });

  test('A job that is to be retried comes back after the decided wait, up to its limit and no further', async () => {
    const waits = [100, 400];
    work((_, run) => ({ kind: 'retry', delayMs: waits[run - 1] ?? 0, reason: 'no' }));
    await enqueue([job({ attemptLimit: 3 })]);
    await eventually(() => expect(runs).toHaveLength(3));
    for (const [index, wait] of waits.entries()) {
      const gap = (runs[index + 1]?.at ?? 0) - (runs[index]?.at ?? 0);
      expect(gap).toBeGreaterThanOrEqual(wait - 10);
      expect(gap).toBeLessThan(wait + 1_500);
    }
    await empty();
    expect(runs).toHaveLength(3);
  });

  test('A job that is postponed comes back and spends no attempt', async () => {
    work((_, run) => (run <= 4 ? { kind: 'postpone', delayMs: 20 } : { kind: 'done' }));
    await enqueue([job({ attemptLimit: 1 })]);
    await eventually(() => expect(runs).toHaveLength(5));
    await empty();
  });

  test('A job that failed for good is gone', async () => {
    work(() => ({ kind: 'failed', reason: 'used up' }));
    await enqueue([job()]);
    await eventually(() => expect(runs).toHaveLength(1));
    await empty();
  });

  test('The same generation twice is one job; a new generation is a new one, also after the first has run', async () => {
    const first = job();
    await enqueue([first, first]);
    await enqueue([first]);
    expect((await producer.countJobs())['waiting']).toBe(1);
    work(() => ({ kind: 'done' }));
    await eventually(() => expect(runs).toHaveLength(1));
    await enqueue([{ ...first, generation: 1 }]);
    await eventually(() => expect(runs).toHaveLength(2));
    const { deliveryId, tenantId, endpointId } = first;
    expect(runs[1]?.job).toEqual({ deliveryId, tenantId, endpointId, generation: 1 });
  });

  test('Whether a job exists, and whether it may run, is known for waiting, delayed and running ones', async () => {
    const jobs = [job(), job({ delayMs: 60_000 }), job()];
    await enqueue(jobs.slice(0, 2));
    expect(await producer.findJobs(jobs)).toEqual(['due', 'put-off', 'none']);
    let release: (verdict: JobVerdict) => void = ignore;
    work(() => new Promise((resolve) => (release = resolve)));
    await eventually(() => expect(runs).toHaveLength(1));
    expect(await producer.findJobs(jobs)).toEqual(['due', 'put-off', 'none']);
    release({ kind: 'done' });
    await eventually(async () => expect(await producer.findJobs(jobs)).toEqual(['none', 'put-off', 'none']));
  });

  test('Of those that wait the next one is told, and how long ago it was made; nothing of one that has run before', async () => {
    expect(await producer.readWaiting()).toEqual({ count: 0, next: null });
    const first = job();
    const second = job({ endpointId: first.endpointId });
    await enqueue([first]);
    await delay(50);
    await enqueue([second]);
    const { count, next } = await producer.readWaiting();
    expect([count, next?.id]).toEqual([2, jobIdOf(first)]);
    expect(next?.waitedMs).toBeGreaterThanOrEqual(50);
    let release: (verdict: JobVerdict) => void = ignore;
    const blocked = new Promise<JobVerdict>((resolve) => (release = resolve));
    const process = ({ deliveryId }: DeliveryJob, run: number): JobVerdict | Promise<JobVerdict> => {
      if (deliveryId === second.deliveryId) return blocked;
      return run === 1 ? { kind: 'postpone', delayMs: 0 } : { kind: 'done' };
    };
    work(process, 1);
    await eventually(() => expect(runs).toHaveLength(2));
    expect(await producer.readWaiting()).toEqual({ count: 1, next: null });
    release({ kind: 'done' });
    await eventually(async () => expect(await producer.findJobs([first, second])).toEqual(['none', 'none']));
  });

  test('How many wait is counted over all shards, without those that are put off or run', async () => {
    const jobs = Array.from({ length: 30 }, (_, index) => job({ delayMs: index < 10 ? 60_000 : 0 }));
    await enqueue(jobs);
    expect((await producer.readWaiting()).count).toBe(20);
    const running: ((verdict: JobVerdict) => void)[] = [];
    work(() => new Promise((resolve) => void running.push(resolve)));
    await eventually(async () => expect([(await producer.readWaiting()).count, running.length]).toEqual([0, 20]));
    for (const end of running) end({ kind: 'done' });
    await eventually(async () => expect((await producer.countJobs())['active']).toBe(0));
  });

  test('Of many jobs, more than one question is about, each is told apart from those that are missing', async () => {
    const [endpointId, jobs] = [v7(), Array.from({ length: 600 }, () => job())];
    const wanted = jobs.map((each, index) => (index % 3 === 0 ? { ...each, endpointId } : each));
    const isThere = (index: number): boolean => index % 20 === 0;
    const isDelayed = (index: number): boolean => index % 40 === 0;
    await enqueue(
      wanted.flatMap((each, index) => (isThere(index) ? { ...each, delayMs: isDelayed(index) ? 60_000 : 0 } : [])),
    );
    const kindOf = (index: number): string => (isDelayed(index) ? 'put-off' : isThere(index) ? 'due' : 'none');
    expect(await producer.findJobs(wanted)).toEqual(wanted.map((_, index) => kindOf(index)));
    expect(await producer.findJobs([])).toEqual([]);
    work(() => Promise.resolve({ kind: 'done' }));
    await eventually(async () => expect(await producer.findJobs(wanted)).not.toContain('due'));
  });

  test('An endpoint that is announced is heard of by all who listen', async () => {
    const heard: string[][] = [[], []];
    const listeners = heard.map((ids) =>
      hearEndpointChanges({ redisUrl: redisUrl(), onChange: (id) => ids.push(id), onError: ignore }),
    );
    const id = v7();
    await eventually(async () => {
      await producer.announceEndpoint(id);
      for (const ids of heard) expect(ids).toContain(id);
    });
    for (const listener of listeners) listener.close();
  });

  test('A quiet worker takes nothing new and finishes what it has', async () => {
    let release: (verdict: JobVerdict) => void = ignore;
    work(() => new Promise((resolve) => (release = resolve)));
    await enqueue([job()]);
    await eventually(() => expect(runs).toHaveLength(1));
    await workers?.quiet();
    const later = job();
    await enqueue([later]);
    release({ kind: 'done' });
    await eventually(async () => expect((await producer.countJobs())['active']).toBe(0));
    expect(runs).toHaveLength(1);
    // It is there still; one that had been fetched already is put back for its time.
    expect(await producer.findJobs([later])).not.toEqual(['none']);
  });
}

describe('A real Redis', () => {
  let url = '';
  beforeEach(async () => {
    url = await claimTestRedis();
  });
  conforms(() => url);

  test('away: every call says so at once, and none piles up', async () => {
    const producer = createProducer({ redisUrl: 'redis://127.0.0.1:1', shards: 1, onError: ignore });
    const startedAt = Date.now();
    await expect(producer.enqueue([job()])).rejects.toThrow('Redis is away');
    await expect(producer.findJobs([job()])).rejects.toThrow('Redis is away');
    await expect(producer.ping()).rejects.toThrow('Redis is away');
    await expect(producer.readWaiting()).rejects.toThrow('Redis is away');
    expect(Date.now() - startedAt).toBeLessThan(500);
    await producer.close();
  });

  test('silent: one call finds out, the others are refused at once and leave nothing behind for its return', async () => {
    const proxy = await startProxy(url);
    const producer = createProducer({ redisUrl: proxy.url, shards: 1, onError: ignore });
    await eventually(() => producer.ping().then(() => true));
    proxy.mode('hang');
    await expect(producer.enqueue([job()])).rejects.toThrow('Command timed out');
    const startedAt = Date.now();
    for (let call = 0; call < 100; call += 1) {
      await expect(producer.enqueue([job()])).rejects.toThrow('does not answer');
      await expect(producer.findJobs([job()])).rejects.toThrow('does not answer');
      await expect(producer.command('GET', 'x')).rejects.toThrow('does not answer');
    }
    expect(Date.now() - startedAt).toBeLessThan(400);
    proxy.mode('pass');
    await eventually(() => producer.enqueue([job()]).then(() => true));
    expect(Date.now() - startedAt).toBeLessThan(2_000);
    await producer.close();
    await proxy.close();
  });
});

describe('A Redis behind a network that fails', () => {
  let proxy: Proxy;
  let producer: Producer | undefined;
  let workers: WorkerGroup | undefined;
  beforeEach(async () => {
    proxy = await startProxy(await claimTestRedis());
    producer = undefined;
    workers = undefined;
  });
  afterEach(async () => {
    await workers?.close();
    await producer?.close();
    await proxy.close();
  });
  const connect = () => (producer = createProducer({ redisUrl: proxy.url, shards: 1, onError: ignore }));
  const enqueued = (to: Producer) => () => to.enqueue([job()]).then(() => true);

  test('that hangs before its first job: the producer goes on when it answers', async () => {
    // What a client asks before it calls itself ready is answered, and nothing after it.
    proxy.hangAfter('# Keyspace');
    const waiting = connect();
    await eventually(() => expect(waiting.enqueue([job()])).rejects.toThrow('Command timed out'));
    proxy.mode('pass');
    await eventually(enqueued(waiting), 5_000);
  });

  test('that forgets a connection: the producer has another within 10 s', async () => {
    const stranded = connect();
    await eventually(enqueued(stranded));
    proxy.strand();
    await expect(stranded.enqueue([job()])).rejects.toThrow('Command timed out');
    await eventually(enqueued(stranded), 10_000);
  });

  test('that forgets all connections: the workers have others within half a minute, and every job runs once', async () => {
    const runs: string[] = [];
    workers = runWorkers({
      redisUrl: proxy.url,
      shards: 1,
      concurrency: 5,
      onError: ignore,
      async process({ deliveryId }) {
        runs.push(deliveryId);
        return Promise.resolve({ kind: 'done' });
      },
    });
    const enqueuing = connect();
    await eventually(enqueued(enqueuing));
    await eventually(() => expect(runs).toHaveLength(1));
    proxy.strand();
    const later = [job(), job(), job()];
    await eventually(() => enqueuing.enqueue(later).then(() => true));
    await eventually(() => expect(runs).toHaveLength(4), 30_000);
    expect(new Set(runs).size).toBe(4);
  }, 60_000);

  test('that forgets all connections: changes of endpoints are heard again within half a minute', async () => {
    const heard: string[] = [];
    const listener = hearEndpointChanges({ redisUrl: proxy.url, onChange: (id) => heard.push(id), onError: ignore });
    const announcing = connect();
    const announced = (id: string) => async () => {
      await announcing.announceEndpoint(id);
      expect(heard).toContain(id);
    };
    await eventually(announced('before'));
    proxy.strand();
    await eventually(announced('after'), 30_000);
    listener.close();
  }, 60_000);
});

describe('A Redis Cluster of three masters', () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startRedisCluster();
  });
  afterAll(() => cluster.close());
  beforeEach(async () => {
    for (const { url } of cluster.nodes) await commandRedis(url, 'FLUSHALL');
  });
  conforms(() => cluster.url);

  test('holds the shards on more than one master', async () => {
    const producer = createProducer({ redisUrl: cluster.url, shards: SHARDS, onError: ignore });
    await eventually(() => producer.enqueue(Array.from({ length: 50 }, () => job())).then(() => true));
    const counts = await Promise.all(cluster.nodes.map(async (node) => (await cluster.keysOf(node)).length));
    expect(counts.filter((count) => count > 0).length).toBeGreaterThan(1);
    await producer.close();
  });

  test('is reached through any of its nodes', async () => {
    const url = `${cluster.nodes[1]?.url}?cluster=true`;
    const producer = createProducer({ redisUrl: url, shards: SHARDS, onError: ignore });
    const jobs = Array.from({ length: 50 }, () => job());
    await eventually(() => producer.enqueue(jobs).then(() => true));
    expect(await producer.findJobs(jobs)).toEqual(jobs.map(() => 'due'));
    await producer.close();
  });

  test('taken for one server: a ping says what to set', async () => {
    const url = cluster.nodes[0]?.url ?? '';
    const producer = createProducer({ redisUrl: url, shards: SHARDS, onError: ignore });
    await eventually(() => expect(producer.ping()).rejects.toThrow('REDIS_URL must list several'));
    await producer.close();
  });

  test('keeps a script that is loaded once wherever its keys are', async () => {
    const producer = createProducer({ redisUrl: cluster.url, shards: SHARDS, onError: ignore });
    const sha = await eventually(() => producer.command('SCRIPT', 'LOAD', "return redis.call('INCR', KEYS[1])"));
    const counts = Array.from({ length: 30 }, (_, nth) =>
      producer.command('EVALSHA', String(sha), '1', `count-${nth}`),
    );
    expect(new Set(await Promise.all(counts))).toEqual(new Set([1]));
    await producer.close();
  });

  test.each(['SIGSTOP', 'SIGKILL'] as const)(
    'with a master that %s met: one call finds out, the others are refused at once, and all goes on when it is back',
    async (signal) => {
      const producer = createProducer({ redisUrl: cluster.url, shards: SHARDS, onError: ignore });
      const some = () => Array.from({ length: 50 }, () => job());
      await eventually(() => producer.enqueue(some()).then(() => true));
      const gone = await cluster.holderOf('{posthorn-0}');
      gone.signal(signal);
      await expect(producer.enqueue(some())).rejects.toThrow(/timed out|closed|redirections|CLUSTERDOWN/);
      const startedAt = Date.now();
      for (let call = 0; call < 20; call += 1) {
        await expect(producer.enqueue(some())).rejects.toThrow('does not answer');
        await expect(producer.command('GET', 'x')).rejects.toThrow('does not answer');
        await delay(20);
      }
      expect(Date.now() - startedAt).toBeLessThan(1_500);
      if (signal === 'SIGKILL') await gone.start();
      else gone.signal('SIGCONT');
      await cluster.ready();
      await eventually(() => producer.enqueue(some()).then(() => true), 5_000);
      await producer.close();
    },
  );
});

test('A server that is no cluster, named like one: whoever listens is told', async () => {
  const errors: string[] = [];
  const producer = createProducer({
    redisUrl: `${(await claimTestRedis()).replace(/\/\d+$/, '')}?cluster=true`,
    shards: 1,
    onError: (error) => errors.push(error.message),
  });
  await eventually(() => expect(errors.join()).toContain('cluster support disabled'));
  await expect(producer.ping()).rejects.toThrow('Redis is away');
  await producer.close();
});

describe('The Redis in JavaScript that npm start falls back to', () => {
  let redis: RunningRedis;
  let dataDir: string;
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'posthorn-queue-'));
    redis = await provideRedis({ dataDir, require: 'javascript' });
  });
  afterAll(async () => {
    await redis.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  conforms(() => redis.url);
});

test('Job ids hold no colon and are no bare number, which BullMQ refuses', () => {
  expect(jobIdOf(job())).toMatch(/^dlv-[0-9a-f-]{36}-0$/);
});
