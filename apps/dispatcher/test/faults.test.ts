import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { FIRST_WINDOW_REQUESTS } from '@posthorn/domain/endpoint/next-window';
import { provideRedis, type RunningRedis } from '@posthorn/local-services/provide-redis';
import { createProducer, type Producer } from '@posthorn/queue/create-producer';
import type { DueDelivery } from '@posthorn/store/engine/event-request';
import { type Arranged, arrange } from '@posthorn/testkit/arrange';
import { claimPort } from '@posthorn/testkit/claim-port';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { eventually } from '@posthorn/testkit/eventually';
import { type StartedProcess, startProcess } from '@posthorn/testkit/start-process';
import { startProxy } from '@posthorn/testkit/start-proxy';
import { type Receiver, startReceiver } from '@posthorn/testkit/start-receiver';
import { Redis } from 'ioredis';

/** A suite of its own Redis, since it is stopped, emptied and started again. */
let dataDir: string;
let redis: RunningRedis;
let databaseUrl: string;
let arranged: Arranged;
let producer: Producer;
let receiver: Receiver;
let dispatchers: StartedProcess[];

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'posthorn-faults-'));
  redis = await startRedis(await claimPort());
  databaseUrl = await createTestDatabase();
  arranged = arrange(databaseUrl);
  producer = createProducer({ redisUrl: redis.url, shards: 1, onError: () => undefined });
  receiver = await startReceiver(200);
  dispatchers = [];
});

afterEach(async () => {
  await Promise.all(dispatchers.map((dispatcher) => dispatcher.stop('SIGKILL')));
  await producer.close();
  await arranged.close();
  await receiver.close();
  await redis.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function startDispatcher(
  env: Record<string, string> = {},
  until: 'ready' | 'alive' = 'ready',
): Promise<StartedProcess> {
  const started = await startProcess('dispatcher', { DATABASE_URL: databaseUrl, REDIS_URL: redis.url, ...env }, until);
  dispatchers.push(started);
  return started;
}

/** What the run unpacked once, where the machine has no Redis, serves here too. */
const startRedis = (port: number): Promise<RunningRedis> =>
  provideRedis({ dataDir, cacheDir: process.env['TEST_REDIS_CACHE'] ?? dataDir, require: 'real', port });
const jobsOf = (due: readonly DueDelivery[]) => due.map(({ id, ...rest }) => ({ ...rest, deliveryId: id, delayMs: 0 }));
const countBy = async (status: string) => arranged.database.delivery.count({ where: { status } });
const allSucceeded = (count: number, timeoutMs?: number) =>
  eventually(async () => expect(await countBy('succeeded')).toBe(count), timeoutMs);

async function flush(): Promise<void> {
  const client = new Redis(redis.url);
  await client.flushall();
  client.disconnect();
}

test('A delivery that never had a job is found and delivered', async () => {
  await startDispatcher();
  const tenantId = await arranged.tenant();
  await arranged.endpoint(tenantId, receiver.url);
  await arranged.events(tenantId, 50);
  await allSucceeded(50);
  expect(receiver.requests).toHaveLength(50);
});

test('Emptying Redis loses nothing, neither what waits nor what waits for its retry, and sends nothing twice', async () => {
  const tenantId = await arranged.tenant();
  await arranged.endpoint(tenantId, receiver.url);
  receiver.answer(500);
  const dispatcher = await startDispatcher({ RETRY_MINUTE_MS: '4000' });
  await producer.enqueue(jobsOf(await arranged.events(tenantId, 20)));
  await eventually(async () => expect(await countBy('retrying')).toBe(20));
  receiver.answer(200);
  await flush();
  await producer.enqueue(jobsOf(await arranged.events(tenantId, 20)));
  await flush();
  await allSucceeded(40);
  expect(receiver.requests).toHaveLength(60);
  expect(await dispatcher.stop()).toBe(0);
});

test('A dispatcher killed in mid-flight: its requests read interrupted and count, another takes over, the rest arrives once', async () => {
  const tenantId = await arranged.tenant();
  await arranged.endpoint(tenantId, receiver.url);
  receiver.answer(() => undefined);
  const killed = await startDispatcher();
  const due = await arranged.events(tenantId, FIRST_WINDOW_REQUESTS);
  await producer.enqueue(jobsOf(due));
  await eventually(() => expect(receiver.load.now).toBe(FIRST_WINDOW_REQUESTS));
  await killed.stop('SIGKILL');
  receiver.answer(200);
  await startDispatcher();
  await allSucceeded(FIRST_WINDOW_REQUESTS, 40_000);
  const attempts = await arranged.database.attempt.findMany({ orderBy: [{ deliveryId: 'asc' }, { number: 'asc' }] });
  expect(attempts.map(({ number, outcome }) => `${number} ${outcome}`)).toEqual(
    Array.from({ length: FIRST_WINDOW_REQUESTS }, () => ['1 interrupted', '2 succeeded']).flat(),
  );
  expect(receiver.requests).toHaveLength(2 * FIRST_WINDOW_REQUESTS);
});

test('Deliveries go on while Redis is away, also those that came before, and nothing is sent twice when it is back', async () => {
  const tenantId = await arranged.tenant();
  await arranged.endpoint(tenantId, receiver.url);
  await startDispatcher();
  await redis.stop();
  await arranged.events(tenantId, 300);
  await allSucceeded(300);
  redis = await startRedis(redis.port);
  await producer.enqueue(jobsOf(await arranged.events(tenantId, 20))).catch(() => undefined);
  await allSucceeded(320);
  expect(receiver.requests).toHaveLength(320);
});

test('A dispatcher starts while Redis is down, says that it is not ready, and delivers', async () => {
  const tenantId = await arranged.tenant();
  await arranged.endpoint(tenantId, receiver.url);
  await redis.stop();
  const dispatcher = await startDispatcher({}, 'alive');
  const readiness = await fetch(`${dispatcher.url}/readyz`);
  expect(readiness.status).toBe(503);
  expect(await readiness.json()).toEqual({ status: 'not_ready', checks: { database: 'ok', queue: 'failed' } });
  await arranged.events(tenantId, 5);
  await allSucceeded(5);
  redis = await startRedis(redis.port);
  await eventually(async () => (await fetch(`${dispatcher.url}/readyz`)).ok);
  expect(await dispatcher.stop()).toBe(0);
});

test('SIGTERM: takes nothing new, finishes and records what is in flight, exits 0', async () => {
  const tenantId = await arranged.tenant();
  await arranged.endpoint(tenantId, receiver.url);
  const waiting: (() => void)[] = [];
  receiver.answer((response) => void waiting.push(() => response.writeHead(200).end()));
  const dispatcher = await startDispatcher({ ENDPOINT_CONCURRENCY: '4' });
  await producer.enqueue(jobsOf(await arranged.events(tenantId, 10)));
  await eventually(() => expect(waiting).toHaveLength(4));
  const ended = dispatcher.stop();
  await delay(300);
  for (const answer of waiting) answer();
  expect(await ended).toBe(0);
  expect(await countBy('succeeded')).toBe(4);
  expect(await countBy('pending')).toBe(6);
  expect(receiver.requests).toHaveLength(4);
  receiver.answer(200);
  await startDispatcher();
  await allSucceeded(10);
  expect(receiver.requests).toHaveLength(10);
});

test('SIGTERM exits within 20 s of the signal: a request that does not end is cut off and goes on elsewhere, and a database that hangs holds nothing up', async () => {
  const tenantId = await arranged.tenant();
  await arranged.endpoint(tenantId, receiver.url);
  receiver.answer(() => undefined);
  const proxy = await startProxy(databaseUrl);
  const dispatcher = await startDispatcher();
  // No profile's deadline is longer: the request is under way when the time for it is over.
  await producer.enqueue(jobsOf(await arranged.events(tenantId, 1, { profile: 'cmr' })));
  await eventually(() => expect(receiver.requests).toHaveLength(1));
  const cutOff = await startDispatcher({ DATABASE_URL: proxy.url });
  proxy.mode('hang');
  const startedAt = Date.now();
  const stop = async (process: StartedProcess) => ({ code: await process.stop(), afterMs: Date.now() - startedAt });
  const [first, second] = await Promise.all([stop(dispatcher), stop(cutOff)]);
  expect(first.code).toBe(0);
  expect(second.code).toBe(0);
  expect(Math.max(first.afterMs, second.afterMs)).toBeLessThan(20_000);
  const attempts = () => arranged.database.attempt.findMany({ orderBy: { number: 'asc' } });
  expect(await attempts()).toMatchObject([{ number: 1, outcome: 'interrupted' }]);
  receiver.answer(200);
  await startDispatcher();
  await allSucceeded(1);
  expect(await attempts()).toMatchObject([{ outcome: 'interrupted' }, { number: 2, outcome: 'succeeded' }]);
  await proxy.close();
}, 60_000);

test('While PostgreSQL is away nothing is taken from the queue; what was sent is recorded when it is back, and the rest goes on', async () => {
  const tenantId = await arranged.tenant();
  await arranged.endpoint(tenantId, receiver.url);
  const proxy = await startProxy(databaseUrl);
  const waiting: (() => void)[] = [];
  receiver.answer((response) => void waiting.push(() => response.writeHead(200).end()));
  const dispatcher = await startDispatcher({ DATABASE_URL: proxy.url, DISPATCHER_CONCURRENCY: '8' });
  await producer.enqueue(jobsOf(await arranged.events(tenantId, 4)));
  await eventually(() => expect(waiting).toHaveLength(4));
  proxy.mode('refuse');
  for (const answer of waiting) answer();
  receiver.answer(200);
  await producer.enqueue(jobsOf(await arranged.events(tenantId, 1_000)));
  await eventually(() => expect(dispatcher.output()).toContain('taking no jobs'));
  const { waiting: left = 0 } = await producer.countJobs();
  expect(left).toBeGreaterThan(950);
  await delay(2_000);
  expect(await producer.countJobs()).toMatchObject({ waiting: left });
  proxy.mode('pass');
  await allSucceeded(1_004);
  expect(receiver.requests).toHaveLength(1_004);
  expect(dispatcher.output()).toContain('taking jobs');
  expect(await dispatcher.stop()).toBe(0);
  await proxy.close();
});

test('A queue that was emptied shows as drift in the metrics until it is repaired', async () => {
  const tenantId = await arranged.tenant();
  await arranged.endpoint(tenantId, receiver.url, { rateLimit: 1 });
  await producer.enqueue(jobsOf(await arranged.events(tenantId, 50)));
  await flush();
  const dispatcher = await startDispatcher();
  const figure = async (name: string) => {
    const text = await (await fetch(`${dispatcher.url}/metrics`)).text();
    return Number(new RegExp(`^${name}\\{[^}]*\\} (.*)$`, 'm').exec(text)?.[1]);
  };
  await eventually(async () => expect(await figure('posthorn_jobs_reissued_total')).toBe(50));
  expect(dispatcher.output()).toContain('jobs made for due deliveries without one');
  await eventually(async () => expect(await figure('posthorn_queue_drift')).toBe(0));
  await redis.stop();
  await eventually(async () => expect(await figure('posthorn_queue_drift')).toBeNaN());
  redis = await startRedis(redis.port);
  await eventually(async () => expect(await figure('posthorn_queue_drift')).toBe(0));
});

test('Two dispatchers share the work, no request is sent twice, and an endpoint never gets more at once than its limit', async () => {
  const tenantId = await arranged.tenant();
  await arranged.endpoint(tenantId, receiver.url);
  receiver.answer((response) => void setTimeout(() => response.writeHead(200).end(), 10));
  await startDispatcher({ ENDPOINT_CONCURRENCY: '6' });
  await startDispatcher({ ENDPOINT_CONCURRENCY: '6' });
  // Each has to have seen the other.
  await delay(2_500);
  await producer.enqueue(jobsOf(await arranged.events(tenantId, 600)));
  await allSucceeded(600);
  expect(receiver.requests).toHaveLength(600);
  expect(receiver.load.most).toBeLessThanOrEqual(6);
  expect(receiver.load.most).toBeGreaterThanOrEqual(4);
});

test('An endpoint that hangs does not keep another one waiting, and far more than memory holds waits in PostgreSQL', async () => {
  const tenantId = await arranged.tenant();
  const hanging = await startReceiver(() => undefined);
  await arranged.endpoint(tenantId, hanging.url, { events: ['domain.drift'] });
  await arranged.endpoint(tenantId, receiver.url, { events: ['domain.verified'] });
  await startDispatcher({ DISPATCHER_CONCURRENCY: '32' });
  await producer.enqueue(jobsOf(await arranged.events(tenantId, 1_000, { type: 'domain.drift', profile: 'cmr' })));
  await delay(200);
  await producer.enqueue(jobsOf(await arranged.events(tenantId, 200)));
  await allSucceeded(200, 4_000);
  expect(hanging.load.most).toBeLessThanOrEqual(16);
  await hanging.close();
});

test('A rate limit holds', async () => {
  const tenantId = await arranged.tenant();
  await arranged.endpoint(tenantId, receiver.url, { rateLimit: 20 });
  await startDispatcher();
  await producer.enqueue(jobsOf(await arranged.events(tenantId, 60)));
  await allSucceeded(60);
  const [first, last] = [receiver.requests[0]?.at ?? 0, receiver.requests.at(-1)?.at ?? 0];
  expect(last - first).toBeGreaterThan(1_500);
});
