import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createProducer, type Producer } from '@posthorn/queue/create-producer';
import { createSecretBox } from '@posthorn/store/create-secret-box';
import { ARRANGED_SECRET, type Arranged, arrange } from '@posthorn/testkit/arrange';
import { claimTestRedis } from '@posthorn/testkit/claim-test-redis';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { eventually } from '@posthorn/testkit/eventually';
import { type StartedProcess, startProcess } from '@posthorn/testkit/start-process';
import { type Answer, type Receiver, startReceiver } from '@posthorn/testkit/start-receiver';

/** One "minute" of the schedule. */
const MINUTE_MS = 60;

let arranged: Arranged;
let producer: Producer;
let dispatcher: StartedProcess;
let receivers: Receiver[] = [];

beforeAll(async () => {
  const databaseUrl = await createTestDatabase();
  const redisUrl = await claimTestRedis();
  arranged = arrange(databaseUrl);
  producer = createProducer({ redisUrl, shards: 1, onError: () => undefined });
  dispatcher = await startProcess('dispatcher', {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    RETRY_MINUTE_MS: String(MINUTE_MS),
  });
});

afterEach(async () => {
  await Promise.all(receivers.map((receiver) => receiver.close()));
  receivers = [];
});

afterAll(async () => {
  expect(await dispatcher.stop()).toBe(0);
  await producer.close();
  await arranged.close();
});

/** An endpoint of a new tenant, one event for it, and its job. */
async function deliverTo(url: string, payload?: string): Promise<string> {
  const tenantId = await arranged.tenant();
  await arranged.endpoint(tenantId, url);
  const [due] = await arranged.events(tenantId, 1);
  if (!due) throw new Error('No delivery was made');
  const { id, ...rest } = due;
  if (payload !== undefined) await arranged.database.event.updateMany({ where: { tenantId }, data: { payload } });
  await producer.enqueue([{ ...rest, deliveryId: id, delayMs: 0 }]);
  return id;
}

async function receive(...answers: Answer[]): Promise<Receiver> {
  const receiver = await startReceiver(...answers);
  receivers.push(receiver);
  return receiver;
}

const read = (id: string) =>
  arranged.database.delivery.findUniqueOrThrow({
    where: { id },
    include: { attemptLog: { orderBy: { number: 'asc' } } },
  });

/** Waits until the delivery is final. */
const settled = (id: string) =>
  eventually(async () => {
    const delivery = await read(id);
    if (delivery.completedAt === null) throw new Error(`Still ${delivery.status} after ${delivery.attempts} attempts`);
    return delivery;
  }, 30_000);

test('A delivery carries the stored bytes, signed over timestamp and body, with the headers of its profile', async () => {
  const receiver = await receive(204);
  const id = await deliverTo(`${receiver.url}/hook?x=1`);
  const delivery = await settled(id);
  expect(delivery).toMatchObject({
    status: 'succeeded',
    attempts: 1,
    lastResponseStatus: 204,
    lastError: null,
    dueAt: null,
  });
  const [request] = receiver.requests;
  const event = await arranged.database.event.findUniqueOrThrow({ where: { id: delivery.eventId } });
  expect(request?.body).toBe(event.payload);
  expect(request?.path).toBe('/hook?x=1');
  const timestamp = String(request?.headers['x-cd-timestamp']);
  const digest = createHmac('sha256', ARRANGED_SECRET).update(`${timestamp}.${request?.body}`).digest('hex');
  expect(request?.headers['x-cd-signature']).toBe(`sha256=${digest}`);
  expect(Math.abs(Date.now() / 1_000 - Number(timestamp))).toBeLessThan(5);
  expect(request?.headers).toMatchObject({
    'content-type': 'application/json',
    'user-agent': expect.stringMatching(/^Posthorn\/\d/) as unknown,
    'x-posthorn-attempt': '1',
    'x-posthorn-event': expect.stringMatching(/^evt_/) as unknown,
    'x-posthorn-delivery': expect.stringMatching(/^dlv_/) as unknown,
  });
  expect(request?.headers).not.toHaveProperty('x-cd-signature-next');
});

test('A payload of 4 MB is sent as it is stored, signed, in every attempt', async () => {
  const receiver = await receive(500, 200);
  const payload = `"${'ä'.repeat(2_000_000)}"`;
  expect(await settled(await deliverTo(receiver.url, payload))).toMatchObject({ status: 'succeeded', attempts: 2 });
  expect(receiver.requests.map(({ body }) => body === payload)).toEqual([true, true]);
  const headers = receiver.requests[0]?.headers ?? {};
  const signed = createHmac('sha256', ARRANGED_SECRET).update(`${String(headers['x-cd-timestamp'])}.${payload}`);
  expect(headers['x-cd-signature']).toBe(`sha256=${signed.digest('hex')}`);
});

test('Five failures and then success are six requests with the same bytes, fresh signatures, 1 2 4 8 16 minutes apart', async () => {
  const receiver = await receive(500, 500, 500, 500, 500, 200);
  const id = await deliverTo(receiver.url);
  const delivery = await settled(id);
  expect(delivery).toMatchObject({ status: 'succeeded', attempts: 6 });
  expect(new Set(receiver.requests.map(({ body }) => body)).size).toBe(1);
  expect(receiver.requests.map(({ headers }) => headers['x-posthorn-attempt'])).toEqual(['1', '2', '3', '4', '5', '6']);
  const gaps = receiver.requests
    .slice(1)
    .map(({ at }, index) => (at - (receiver.requests[index]?.at ?? 0)) / MINUTE_MS);
  for (const [index, minutes] of [1, 2, 4, 8, 16].entries()) {
    expect(gaps[index]).toBeGreaterThanOrEqual(minutes - 0.1);
    expect(gaps[index]).toBeLessThan(minutes + 1_000 / MINUTE_MS);
  }
  expect(delivery.attemptLog.map(({ outcome, responseStatus }) => [outcome, responseStatus])).toEqual([
    ...Array.from({ length: 5 }, () => ['rejected', 500]),
    ['succeeded', 200],
  ]);
});

test('A receiver that never recovers gets exactly six requests, and the delivery reads failed', async () => {
  const receiver = await receive(503);
  const id = await deliverTo(receiver.url);
  const delivery = await settled(id);
  expect(delivery).toMatchObject({ status: 'failed', attempts: 6, dueAt: null, lastError: 'Answered 503' });
  expect(receiver.requests).toHaveLength(6);
  // The job goes after the row's commit, so the row may be read a moment before.
  await eventually(async () => {
    expect(await producer.countJobs()).toEqual({ waiting: 0, delayed: 0, active: 0 });
  });
});

test('The next retry that the row shows is when the request comes', async () => {
  const receiver = await receive(500, 500, 500, 500, 200);
  const id = await deliverTo(receiver.url);
  const waiting = await eventually(async () => {
    const delivery = await read(id);
    return delivery.attempts === 4 && delivery.dueAt !== null ? delivery.dueAt : false;
  });
  await settled(id);
  const lateMs = (receiver.requests[4]?.at ?? 0) - waiting.getTime();
  expect(lateMs).toBeGreaterThanOrEqual(-5);
  expect(lateMs).toBeLessThan(1_000);
});

describe('What went wrong is an attempt of its own outcome', () => {
  const cases: [string, Answer, string, number | null, RegExp][] = [
    [
      'a redirect is not followed',
      (r) => r.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      'rejected',
      302,
      /redirects are not followed/,
    ],
    [
      'a switch of protocols',
      (r) => r.socket?.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n'),
      'rejected',
      101,
      /Answered 101/,
    ],
    ['a reset', (r) => r.socket?.resetAndDestroy(), 'network_error', null, /ECONNRESET/],
    ['no answer within five seconds', () => undefined, 'timeout', null, /No answer within 5000 ms/],
    ['an answer that is not HTTP', (r) => r.socket?.end('SSH-2.0-nope\r\n'), 'network_error', null, /not valid HTTP/],
    [
      'headers without end',
      (r) => r.socket?.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(40_000)}`),
      'network_error',
      null,
      /headers are too large/,
    ],
  ];
  test.each(cases)('%s', async (_, answer, outcome, status, error) => {
    const receiver = await receive(answer, 200);
    const id = await deliverTo(receiver.url);
    const delivery = await settled(id);
    expect(delivery.attemptLog[0]).toMatchObject({
      outcome,
      responseStatus: status,
      error: expect.stringMatching(error) as unknown,
    });
    expect(delivery).toMatchObject({ status: 'succeeded', attempts: 2 });
  });

  test('nothing listens there', async () => {
    const receiver = await startReceiver();
    await receiver.close();
    const delivery = await settled(await deliverTo(receiver.url));
    expect(delivery).toMatchObject({ status: 'failed', attempts: 6 });
    expect(delivery.attemptLog[0]).toMatchObject({
      outcome: 'network_error',
      error: expect.stringMatching(/ECONNREFUSED/) as unknown,
    });
  });

  test('a port that does not speak TLS', async () => {
    const receiver = await receive(200);
    const delivery = await settled(await deliverTo(receiver.url.replace('http:', 'https:')));
    expect(delivery.attemptLog[0]).toMatchObject({
      outcome: 'network_error',
      error: expect.stringMatching(/^TLS: /) as unknown,
    });
    expect(receiver.requests).toHaveLength(0);
  });

  test('an address that the guard refuses is never connected to', async () => {
    const delivery = await settled(await deliverTo('http://[::ffff:10.1.2.3]/hook'));
    expect(delivery).toMatchObject({ status: 'failed', attempts: 6 });
    expect(delivery.attemptLog.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 6 }, () => 'blocked'));
    expect(delivery.lastError).toMatch(/private/);
  });
});

test('A 2xx status line decides, although the body breaks off; the fault is noted', async () => {
  const receiver = await receive((response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half', () => response.socket?.destroy());
  });
  const delivery = await settled(await deliverTo(receiver.url));
  expect(delivery).toMatchObject({ status: 'succeeded', attempts: 1 });
  expect(delivery.attemptLog[0]).toMatchObject({
    outcome: 'succeeded',
    responseBody: 'half',
    error: expect.stringMatching(/cut short/) as unknown,
  });
});

test('A body that drips past the deadline is a timeout, although the status was 200', async () => {
  const receiver = await receive((response) => {
    response.writeHead(200);
    const drip = setInterval(() => response.write('.'), 200);
    response.on('close', () => clearInterval(drip));
  }, 200);
  const delivery = await settled(await deliverTo(receiver.url));
  expect(delivery.attemptLog[0]).toMatchObject({ outcome: 'timeout', responseStatus: 200 });
});

test('Of an endless body 16 KiB are kept, and nothing is decompressed', async () => {
  const receiver = await receive((response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' });
    const pour = () => {
      while (!response.destroyed && response.write('a'.repeat(8_192)));
    };
    response.on('drain', pour);
    pour();
  });
  const delivery = await settled(await deliverTo(receiver.url));
  expect(delivery.status).toBe('succeeded');
  expect(delivery.attemptLog[0]?.responseBody).toBe('a'.repeat(16_384));
});

test('Reading stops at 16 KiB, also when exactly that many bytes come and then nothing', async () => {
  const receiver = await receive((response) => {
    response.writeHead(200, { 'content-length': '99999' });
    response.write('a'.repeat(16_384));
  });
  const delivery = await settled(await deliverTo(receiver.url));
  expect(delivery).toMatchObject({ status: 'succeeded', attempts: 1 });
  expect(delivery.attemptLog[0]?.durationMs).toBeLessThan(4_000);
});

test('Retry-After is kept when it is later than the schedule, and only up to the cap', async () => {
  const ask =
    (seconds: number): Answer =>
    (response) =>
      response.writeHead(429, { 'retry-after': String(seconds) }).end();
  const receiver = await receive(ask(1), ask(3_600), 200);
  const delivery = await settled(await deliverTo(receiver.url));
  expect(delivery).toMatchObject({ status: 'succeeded', attempts: 3 });
  const [first, second, third] = receiver.requests.map(({ at }) => at) as [number, number, number];
  expect(second - first).toBeGreaterThanOrEqual(1_000);
  expect(second - first).toBeLessThan(2_000);
  // The cap is 60 "minutes".
  expect(third - second).toBeGreaterThanOrEqual(60 * MINUTE_MS);
  expect(third - second).toBeLessThan(60 * MINUTE_MS + 1_500);
});

test('The attempt log shows what was sent with its signature masked', async () => {
  const receiver = await receive((response) =>
    response.writeHead(200, { 'x-answer': 'yes', 'set-cookie': 'a=secret' }).end('fine'),
  );
  const delivery = await settled(await deliverTo(receiver.url));
  const [attempt] = delivery.attemptLog;
  const sent = JSON.parse(attempt?.requestHeaders ?? '{}') as Record<string, string>;
  expect(sent).toMatchObject({ 'X-CD-Signature': 'sha256=***', 'X-Posthorn-Attempt': '1' });
  expect(JSON.parse(attempt?.responseHeaders ?? '{}')).toMatchObject({ 'x-answer': 'yes', 'set-cookie': '***' });
  expect(attempt?.responseBody).toBe('fine');
  expect(dispatcher.output()).not.toContain(ARRANGED_SECRET);
});

describe('What cannot be sent for a reason of the operator’s', () => {
  test('a secret that no configured key opens: attempts on the schedule that say so, and no request', async () => {
    const receiver = await receive(200);
    const tenantId = await arranged.tenant();
    const endpointId = await arranged.endpoint(tenantId, receiver.url);
    const otherKeys = createSecretBox([Buffer.alloc(32, 9).toString('base64')]);
    const secretSealed = otherKeys.seal('s', `${endpointId}/secret`);
    await arranged.database.endpoint.update({ where: { id: endpointId }, data: { secretSealed } });
    const [due] = await arranged.events(tenantId, 1);
    const delivery = await settled(due?.id ?? '');
    expect(delivery).toMatchObject({ status: 'failed', attempts: 6 });
    expect(delivery.lastError).toMatch(/^Not sent: .* log$/);
    expect(new Set(delivery.attemptLog.map(({ outcome }) => outcome))).toEqual(new Set(['network_error']));
    expect(receiver.requests).toEqual([]);
    expect(dispatcher.output()).toContain('No key in SECRETS_KEY opens this secret');
  });

  test('a contract of a newer version: it waits for a dispatcher that knows it, and loses no attempt', async () => {
    const receiver = await receive(200);
    const tenantId = await arranged.tenant();
    await arranged.endpoint(tenantId, receiver.url);
    const [due] = await arranged.events(tenantId, 1, { profile: 'connect-domain' });
    const id = due?.id ?? '';
    await arranged.database.event.updateMany({ where: { tenantId }, data: { profile: 'from-the-future' } });
    await eventually(async () => expect((await read(id)).generation).toBeGreaterThan(0));
    await eventually(async () => {
      const delivery = await read(id);
      expect(delivery).toMatchObject({ attempts: 0, status: 'pending', leaseToken: null });
      expect(delivery.dueAt?.getTime()).toBeGreaterThan(Date.now() + 20_000);
    });
    expect(receiver.requests).toEqual([]);
  });
});
