// What is accepted beyond what Redis may hold waits in PostgreSQL, whoever is away, and is fed from there.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createProducer, type Producer } from '@posthorn/queue/create-producer';
import { claimTestRedis } from '@posthorn/testkit/claim-test-redis';
import { commandRedis } from '@posthorn/testkit/command-redis';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { eventually } from '@posthorn/testkit/eventually';
import { runSql } from '@posthorn/testkit/run-sql';
import { type StartedProcess, startProcess, TEST_ADMIN_KEY } from '@posthorn/testkit/start-process';
import { type Answer, type Receiver, startReceiver } from '@posthorn/testkit/start-receiver';

const MAX_WAITING = 100;
/** What a tenant alone may have of it, and one endpoint. */
const MAX_OF_TENANT = 20;
const MAX_OF_ENDPOINT = 10;
const SHARDS = 2;
const BATCH = 100;

let env: Record<string, string>;
let producer: Producer;
let api: StartedProcess;
let processes: StartedProcess[];
let receivers: Receiver[];

beforeEach(async () => {
  env = {
    DATABASE_URL: await createTestDatabase(),
    REDIS_URL: await claimTestRedis(),
    QUEUE_SHARDS: String(SHARDS),
    QUEUE_MAX_WAITING: String(MAX_WAITING),
    DISPATCHER_CONCURRENCY: '16',
  };
  producer = createProducer({ redisUrl: env['REDIS_URL'] ?? '', shards: SHARDS, onError: () => undefined });
  processes = [];
  receivers = [];
  api = await start('api');
});
afterEach(async () => {
  await Promise.all(processes.map((each) => each.stop('SIGKILL')));
  await Promise.all(receivers.map((receiver) => receiver.close()));
  await producer.close();
});

async function start(app: 'api' | 'dispatcher'): Promise<StartedProcess> {
  const started = await startProcess(app, env);
  processes.push(started);
  return started;
}

async function post<Body>(path: string, key: string, body: unknown): Promise<Body> {
  const response = await fetch(`${api.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${text}`);
  return JSON.parse(text) as Body;
}

/** A new tenant with so many endpoints at a receiver of its own. */
async function tenant(endpoints = 1, answer: Answer = 200) {
  const receiver = await startReceiver(answer);
  receivers.push(receiver);
  const named = { name: 'Acme', profile: 'connect-domain' };
  const { id, api_key: key } = await post<{ id: string; api_key: string }>('/v1/tenants', TEST_ADMIN_KEY, named);
  for (let index = 0; index < endpoints; index += 1) {
    await post('/v1/webhook-endpoints', key, { url: `${receiver.url}/${index}`, events: [] });
  }
  const send = async (count: number): Promise<void> => {
    for (let from = 0; from < count; from += BATCH) {
      const events = Array.from({ length: Math.min(BATCH, count - from) }, (_, index) => ({
        type: 'domain.verified',
        jobId: `job-${from + index}`,
        data: { hostname: 'app.customer.example' },
      }));
      await post('/v1/events/batch', key, { events });
    }
  };
  return { id, receiver, send };
}

/** A figure of a process, of those with this label. */
async function metric(of: StartedProcess, name: string, label = ''): Promise<number> {
  const text = await (await fetch(`${of.url}/metrics`)).text();
  const line = text.split('\n').find((each) => new RegExp(`^${name}[{ ]`).test(each) && each.includes(label));
  return Number(line?.split(' ').at(-1));
}

const countRows = async (where: string): Promise<number> =>
  (
    await runSql<{ n: number }>(env['DATABASE_URL'] ?? '', `SELECT count(*)::int AS n FROM deliveries WHERE ${where}`)
  )[0]?.n ?? 0;
const succeeded = (count: number, timeoutMs?: number) =>
  eventually(async () => expect(await countRows(`status = 'succeeded'`)).toBe(count), timeoutMs);
const afterMs =
  (waitMs: number): Answer =>
  (response) =>
    void setTimeout(() => response.writeHead(200).end(), waitMs);

test('With no dispatcher five times what Redis may hold is accepted, its bound is kept, and a dispatcher delivers all, each once', async () => {
  const tenants = await Promise.all(Array.from({ length: 5 }, () => tenant(4)));
  await Promise.all(tenants.map(({ send }) => send(25)));
  const made = 5 * 4 * 25;
  await eventually(async () => expect(await countRows('parked')).toBeGreaterThanOrEqual(made - MAX_WAITING));
  const waiting = (await producer.readWaiting()).count;
  expect(waiting).toBeGreaterThan(MAX_OF_TENANT);
  expect(waiting).toBeLessThanOrEqual(MAX_WAITING);
  // What scaling goes by counts those without a job, too.
  expect(await metric(api, 'posthorn_deliveries', 'status="pending"')).toBe(made);
  expect(await metric(api, 'posthorn_oldest_due_seconds')).toBeGreaterThan(0);
  const dispatcher = await start('dispatcher');
  await succeeded(made);
  expect(tenants.map(({ receiver }) => receiver.requests.length)).toEqual(tenants.map(() => 100));
  await eventually(async () => expect(await metric(dispatcher, 'posthorn_queue_jobs', 'state="waiting"')).toBe(0));
});

test('One tenant alone, or one endpoint, fills a part of it: a fresh event of another goes out while nearly all of that waits', async () => {
  const loud = await tenant(1, afterMs(20));
  await loud.send(1_500);
  const quiet = await tenant();
  expect((await producer.readWaiting()).count).toBeLessThanOrEqual(MAX_OF_ENDPOINT);
  await start('dispatcher');
  await eventually(() => expect(loud.receiver.requests.length).toBeGreaterThan(0));
  const before = loud.receiver.requests.length;
  await quiet.send(1);
  await eventually(() => expect(quiet.receiver.requests).toHaveLength(1));
  expect(loud.receiver.requests.length - before).toBeLessThan(300);
  await succeeded(1_501, 30_000);
  expect(loud.receiver.requests).toHaveLength(1_500);
});

test('An event to more endpoints than there is room for gets jobs for some; the reconciler parks what the doorbell left', async () => {
  const { receiver, send } = await tenant(2 * MAX_OF_TENANT);
  await send(1);
  await eventually(async () => expect((await producer.readWaiting()).count).toBe(MAX_OF_TENANT));
  await start('dispatcher');
  await succeeded(2 * MAX_OF_TENANT);
  expect(receiver.requests).toHaveLength(2 * MAX_OF_TENANT);
});

test('Redis emptied and the dispatcher killed while it feeds: another delivers the rest, and only what was under way comes twice', async () => {
  const count = 600;
  const { receiver, send } = await tenant(4, afterMs(10));
  await send(count / 4);
  const killed = await start('dispatcher');
  await eventually(() => expect(receiver.requests.length).toBeGreaterThan(100));
  await commandRedis(env['REDIS_URL'] ?? '', 'FLUSHDB');
  await killed.stop('SIGKILL');
  expect(await countRows('parked')).toBeGreaterThan(0);
  await start('dispatcher');
  await succeeded(count, 50_000);
  expect(receiver.requests.length).toBeGreaterThanOrEqual(count);
  expect(receiver.requests.length).toBeLessThanOrEqual(count + 16);
  expect((await producer.readWaiting()).count).toBe(0);
}, 70_000);
