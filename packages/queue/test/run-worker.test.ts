// How a worker takes jobs of which many wait.
import { performance } from 'node:perf_hooks';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { claimTestRedis } from '@posthorn/testkit/claim-test-redis';
import { commandRedis } from '@posthorn/testkit/command-redis';
import { eventually } from '@posthorn/testkit/eventually';
import { type Proxy, startProxy } from '@posthorn/testkit/start-proxy';
import { createProducer, type Producer } from '../src/create-producer.ts';
import { runWorkers, type WorkerGroup } from '../src/run-worker.ts';
import { job } from './delivery-job.ts';

const JOBS = 300;
const CONCURRENCY = 200;
/** Each way: to fetch a job takes twice as long, and to fetch as many as may be under way takes 4 s. */
const SLOW_MS = 10;

let url: string;
let proxy: Proxy;
let producer: Producer;
let workers: WorkerGroup | undefined;
let running = new Map<string, () => void>();

beforeEach(async () => {
  url = await claimTestRedis();
  proxy = await startProxy(url);
  producer = createProducer({ redisUrl: url, shards: 1, onError: () => undefined });
  await eventually(() => producer.ping().then(() => true));
  workers = undefined;
  running = new Map();
});
afterEach(async () => {
  endAll();
  await workers?.close();
  await producer.close();
  await proxy.close();
});

const enqueue = (jobs: number) => producer.enqueue(Array.from({ length: jobs }, () => job()));

/** Jobs run until they are ended here. */
function work(): void {
  workers = runWorkers({
    redisUrl: proxy.url,
    shards: 1,
    concurrency: CONCURRENCY,
    onError: () => undefined,
    async process({ deliveryId }) {
      await new Promise<void>((resolve) => running.set(deliveryId, resolve));
      return { kind: 'done' };
    },
  });
}

function endAll(): void {
  for (const [id, end] of running) {
    running.delete(id);
    end();
  }
}

async function msUntilFirst(): Promise<number> {
  const from = performance.now();
  await eventually(() => running.size > 0);
  return performance.now() - from;
}

/** Until the worker waits for a job, at Redis. */
const untilIdle = () =>
  eventually(async () => {
    const clients = String(await commandRedis(url, 'CLIENT', 'LIST')).split('\n');
    return clients.some(
      (client) => client.includes(` db=${new URL(url).pathname.slice(1)} `) && client.includes(' flags=b '),
    );
  });

const untilDone = () =>
  eventually(async () => {
    endAll();
    expect(await producer.countJobs()).toEqual({ waiting: 0, delayed: 0, active: 0 });
  });

test('The first job begins long before as many are fetched as may be under way, also after the queue was empty', async () => {
  proxy.slow(SLOW_MS);
  await enqueue(JOBS);
  work();
  expect(await msUntilFirst()).toBeLessThan(2_000);
  await eventually(() => running.size === CONCURRENCY, 10_000);
  await untilDone();
  await untilIdle();
  await enqueue(JOBS);
  expect(await msUntilFirst()).toBeLessThan(2_000);
  await untilDone();
}, 60_000);

test('As many jobs as allowed are under way at once, and no more; one that ends makes room for one', async () => {
  await enqueue(JOBS);
  work();
  await eventually(() => running.size === CONCURRENCY);
  const [id = '', end] = [...running][0] ?? [];
  running.delete(id);
  end?.();
  await eventually(() => running.size === CONCURRENCY);
  expect(await producer.countJobs()).toMatchObject({ active: CONCURRENCY, waiting: JOBS - CONCURRENCY - 1 });
  await untilDone();
});

test('Where Redis is slow to hear of jobs that ended, more are under way meanwhile', async () => {
  proxy.slow(SLOW_MS);
  // Not all at once: on a busy machine three thousand take longer than one command may.
  for (let times = 0; times < 10; times += 1) await enqueue(JOBS);
  const ending = setInterval(endAll, 1);
  work();
  await eventually(async () => expect((await producer.countJobs())['active']).toBeGreaterThan(80), 10_000);
  clearInterval(ending);
}, 30_000);
