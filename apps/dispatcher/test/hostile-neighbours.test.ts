import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { TlsOptions } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createProducer, type Producer } from '@posthorn/queue/create-producer';
import { type Arranged, arrange } from '@posthorn/testkit/arrange';
import { claimTestRedis } from '@posthorn/testkit/claim-test-redis';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { eventually } from '@posthorn/testkit/eventually';
import { type IssuedCertificate, selfSign } from '@posthorn/testkit/self-sign';
import { type NameServer, startNameServer } from '@posthorn/testkit/start-name-server';
import { type StartedProcess, startProcess } from '@posthorn/testkit/start-process';
import { startReceiver } from '@posthorn/testkit/start-receiver';
import { answering, drip, OK, pour } from './raw-answers.ts';
import { type RawReceiver, type Serve, startRawReceiver } from './start-raw-receiver.ts';

const PROXY_PASSWORD = 'proxy-password-canary';
/** What resident memory may grow by, in bytes: a fraction of what the receivers pour out. */
const MAX_GROWTH_BYTES = 96 * 1_024 * 1_024;
const GOOD_DELIVERIES = 200;
const DELIVERIES_EACH = 30;
const HANGING_ENDPOINTS = 100;

let folder: string;
const HOUR_MS = 3_600_000;
let authority: IssuedCertificate;
let names: NameServer;
let arranged: Arranged;
let producer: Producer;
let dispatcher: StartedProcess;
let receivers: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'posthorn-hostile-'));
  authority = await selfSign('Test authority');
  names = await startNameServer();
  writeFileSync(join(folder, 'authority.pem'), authority.certificate);
  const databaseUrl = await createTestDatabase();
  const redisUrl = await claimTestRedis();
  arranged = arrange(databaseUrl);
  producer = createProducer({ redisUrl, shards: 1, onError: () => undefined });
  dispatcher = await startProcess('dispatcher', {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    EGRESS_ALLOW: '127.0.0.1',
    EGRESS_DNS: names.address,
    EGRESS_PROXY_URL: `http://acme:${PROXY_PASSWORD}@127.0.0.1:9`,
    NODE_EXTRA_CA_CERTS: join(folder, 'authority.pem'),
  });
});

afterEach(async () => {
  await Promise.all(receivers.map((receiver) => receiver.close()));
  receivers = [];
});

afterAll(async () => {
  expect(await dispatcher.stop()).toBe(0);
  expect(dispatcher.output()).not.toContain(PROXY_PASSWORD);
  await producer.close();
  await arranged.close();
  await names.close();
  rmSync(folder, { recursive: true });
});

async function raw(serve: Serve, tls?: TlsOptions): Promise<RawReceiver> {
  const receiver = await startRawReceiver(serve, tls);
  receivers.push(receiver);
  return receiver;
}

/** Deliveries of one new endpoint, with their jobs. @returns the endpoint's tenant */
async function deliver(url: string, count: number): Promise<string> {
  const tenantId = await arranged.tenant();
  await arranged.endpoint(tenantId, url);
  const due = await arranged.events(tenantId, count);
  await producer.enqueue(due.map(({ id, ...rest }) => ({ ...rest, deliveryId: id, delayMs: 0 })));
  return tenantId;
}

const attemptsOf = (tenantId: string) => arranged.database.attempt.findMany({ where: { tenantId } });

const firstAttempt = (tenantId: string) => eventually(async () => (await attemptsOf(tenantId))[0] ?? false);

const bomb = gzipSync(Buffer.alloc(20 * 1_024 * 1_024));
const megabyte = Buffer.alloc(1_048_576, 'a');

const worst: [name: string, serve: Serve][] = [
  ['never answers', () => undefined],
  [
    'drips its headers',
    answering((socket) => {
      socket.write(OK);
      drip(socket, 'x: y\r\n');
    }),
  ],
  [
    'sends a body without end',
    answering((socket) => {
      socket.write(`${OK}\r\n`);
      pour(socket, megabyte);
    }),
  ],
  [
    'announces 10 GB',
    answering((socket) => {
      socket.write(`${OK}content-length: 10000000000\r\n\r\n`);
      pour(socket, megabyte);
    }),
  ],
  [
    'sends a gzip bomb',
    answering((socket) => {
      socket.write(`${OK}content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
      socket.end(bomb);
    }),
  ],
  [
    'sends headers without end',
    answering((socket) => {
      socket.write(`${OK}x: `);
      pour(socket, megabyte);
    }),
  ],
  ['sends thousands of headers', answering((socket) => pour(socket, `${OK}${'x: y\r\n'.repeat(5_000)}`))],
  [
    'sends early hints without end',
    answering((socket) => pour(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(500))),
  ],
  ['resets', (socket) => void socket.resetAndDestroy()],
];

async function residentBytes(): Promise<number> {
  const text = await (await fetch(`${dispatcher.url}/metrics`)).text();
  return Number(/^process_resident_memory_bytes\S* (\d+)/m.exec(text)?.[1]);
}

test('Beside endpoints that do their worst, a good one gets its deliveries as soon as without them, and memory stays flat', async () => {
  const good = await startReceiver(200);
  receivers.push(good);
  const sendToGood = async (): Promise<number> => {
    good.requests.length = 0;
    const startedAt = performance.now();
    await deliver(good.url, GOOD_DELIVERIES);
    await eventually(() => expect(good.requests.length).toBe(GOOD_DELIVERIES), 60_000);
    return performance.now() - startedAt;
  };
  // The first round also warms the process up, so that its memory is what it is under load.
  await sendToGood();
  const aloneMs = await sendToGood();
  const before = await residentBytes();

  names.answer('silent.example', 'silent');
  const urls = [`http://silent.example/`];
  for (const [, serve] of worst) urls.push(`http://${(await raw(serve)).authority}/`);
  urls.push(`https://${(await raw(() => undefined)).authority}/`);
  // A whole handshake for each attempt, and then a certificate for somebody else.
  const other = await authority.issue('receiver', { hosts: ['other.example'] });
  urls.push(`https://${(await raw(() => undefined, other.server)).authority}/`);
  const tenants = await Promise.all(urls.map((url) => deliver(url, DELIVERIES_EACH)));
  const besideMs = await sendToGood();
  expect(besideMs).toBeLessThan(3 * aloneMs + 2_000);

  await Promise.all(
    tenants.map((tenantId) =>
      eventually(async () => expect((await attemptsOf(tenantId)).length).toBeGreaterThan(0), 30_000),
    ),
  );
  await eventually(async () => {
    const done = await arranged.database.attempt.count({ where: { tenantId: { in: tenants } } });
    expect(done).toBeGreaterThanOrEqual(4 * DELIVERIES_EACH);
  }, 30_000);
  expect((await residentBytes()) - before).toBeLessThan(MAX_GROWTH_BYTES);
});

test('However many endpoints of one tenant hang, the deliveries of another go out at once', async () => {
  const tenantId = await arranged.tenant();
  const silent = await raw(() => undefined);
  for (let index = 0; index < HANGING_ENDPOINTS; index += 1) {
    await arranged.endpoint(tenantId, `http://${silent.authority}/${index}`);
  }
  const good = await startReceiver(200);
  receivers.push(good);
  const inFlight = async () =>
    Number(/^posthorn_requests_in_flight\S* (\d+)/m.exec(await (await fetch(`${dispatcher.url}/metrics`)).text())?.[1]);
  const due = await arranged.events(tenantId, 5);
  await producer.enqueue(due.map(({ id, ...rest }) => ({ ...rest, deliveryId: id, delayMs: 0 })));
  // As many as one tenant gets: half of the slots that there are unless an operator says otherwise.
  await eventually(async () => expect(await inFlight()).toBeGreaterThanOrEqual(128), 4_000);
  for (let round = 1; round <= 5; round += 1) {
    const startedAt = performance.now();
    await deliver(good.url, 1);
    await eventually(() => expect(good.requests.length).toBe(round), 4_000);
    // The hanging ones hold what they have until their deadline of five seconds.
    expect(performance.now() - startedAt).toBeLessThan(1_500);
  }
});

describe('TLS: a receiver whose certificate', () => {
  const cases: [
    what: string,
    host: string,
    hours: [from: number, to: number],
    outcome: string,
    error: RegExp | null,
  ][] = [
    ['is in order', '127.0.0.1', [-1, 1], 'succeeded', null],
    ['has expired', '127.0.0.1', [-2, -1], 'network_error', /^TLS: the certificate has expired \(CERT_HAS_EXPIRED\)$/],
    ['is not valid yet', '127.0.0.1', [1, 2], 'network_error', /^TLS: the certificate is not valid yet/],
    [
      'is for another host',
      'other.example',
      [-1, 1],
      'network_error',
      /^TLS: the certificate is for another host name \(ERR_TLS_CERT_ALTNAME_INVALID\)$/,
    ],
  ];
  test.each(cases)('%s', async (_, host, [from, to], outcome, error) => {
    const serve = answering((socket) => void socket.end(`${OK}content-length: 0\r\n\r\n`));
    const wish = { hosts: [host], startsInMs: from * HOUR_MS, lifetimeMs: to * HOUR_MS };
    const receiver = await raw(serve, (await authority.issue('receiver', wish)).server);
    const attempt = await firstAttempt(await deliver(`https://${receiver.authority}/`, 1));
    expect(attempt.outcome).toBe(outcome);
    if (error) expect(attempt.error).toMatch(error);
    expect(receiver.received.join('')).toMatch(error ? /^$/ : /^POST /);
  });

  test('is in order, and which asks for one of ours', async () => {
    const receiver = await raw(() => undefined, {
      ...(await authority.issue('receiver')).server,
      requestCert: true,
      rejectUnauthorized: true,
    });
    const attempt = await firstAttempt(await deliver(`https://${receiver.authority}/`, 1));
    expect(attempt).toMatchObject({
      outcome: 'network_error',
      error: expect.stringMatching(/client certificate/) as unknown,
    });
  });
});

test('A name that leads inside is blocked, and neither the attempt nor the log tells where to', async () => {
  const inside = await raw(() => undefined);
  names.answer('rebind.example', ['127.0.0.77']);
  const attempt = await firstAttempt(await deliver(`http://rebind.example:${inside.authority.split(':')[1]}/`, 1));
  expect(attempt).toMatchObject({
    outcome: 'blocked',
    error: "Not sent: the endpoint's host name must lead to public addresses only",
    responseStatus: null,
  });
  expect(JSON.stringify(attempt)).not.toContain('127.0.0.77');
  expect(dispatcher.output()).not.toContain('127.0.0.77');
  expect(inside.received).toEqual([]);
});
