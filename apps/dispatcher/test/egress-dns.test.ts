import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { classifyResult } from '@posthorn/domain/delivery/classify-result';
import { checkEndpointUrl } from '@posthorn/domain/egress/check-endpoint-url';
import { eventually } from '@posthorn/testkit/eventually';
import { type NameServer, startNameServer } from '@posthorn/testkit/start-name-server';
import { createGuardedAgents } from '../src/send/create-guarded-agents.ts';
import { createSender } from '../src/send/create-sender.ts';
import type { Egress } from '../src/send/open-guarded.ts';
import { sendThrough } from '../src/send/send-through.ts';
import { networks, testEgress } from './test-egress.ts';

/** Stands for a public address; everything else on loopback is refused. */
const PUBLIC = '127.0.0.2';
const OPEN = '127.0.0.2/32';
const TIMEOUT_MS = 8_000;
const REFUSED = "Not sent: the endpoint's host name must lead to public addresses only";

/** Requests that arrived, by the address that they arrived at and the connection that they came on. */
let arrived: { address: string; connection: number }[];
let names: NameServer;
let port: number;
let connections = 0;

/** Requests to come that are answered only when they are released. */
let holding = 0;
let release: (() => void) | null = null;

const server = createServer((request, response) => {
  arrived.push({ address: request.socket.localAddress ?? '', connection: request.socket.remotePort ?? 0 });
  if (holding > 0) {
    holding -= 1;
    release = () => response.end('held');
  } else response.end('ok');
});

beforeAll(async () => {
  // On every address of loopback, so that a request would arrive if the guard let it pass.
  await new Promise<void>((resolve) => server.listen(0, resolve));
  server.on('connection', () => (connections += 1));
  port = (server.address() as AddressInfo).port;
});
beforeEach(async () => {
  arrived = [];
  connections = 0;
  release = null;
  names = await startNameServer();
});
afterEach(() => names.close());
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const senderWith = (egress: Egress) => createSender(egress, new AbortController().signal);
const sender = () => senderWith(testEgress({ open: OPEN, servers: [names.address] }));

async function post(send: ReturnType<typeof sender>, host: string, timeoutMs = TIMEOUT_MS) {
  const { result, durationMs } = await send({
    url: `http://${host}:${port}/`,
    headers: {},
    body: '{}',
    timeoutMs,
    tls: null,
  });
  return { ...classifyResult(result), durationMs };
}

describe('What a name leads to is judged where the connection is made', () => {
  test('a name that was public when it was registered and is not when it is sent', async () => {
    names.answer('rebind.example', ['127.0.0.1']);
    const policy = { allowed: networks(OPEN), own: () => networks(''), allowHttp: true };
    expect(checkEndpointUrl(`http://rebind.example:${port}/`, policy).ok).toBe(true);
    expect(await post(sender(), 'rebind.example')).toMatchObject({ outcome: 'blocked', error: REFUSED });
    expect(connections).toBe(0);
  });

  test('a name that changes its mind between two attempts', async () => {
    names.answer('rebind.example', [PUBLIC], ['127.0.0.1'], [PUBLIC]);
    const send = [sender(), sender(), sender()];
    const outcomes = [];
    for (const each of send) outcomes.push((await post(each, 'rebind.example')).outcome);
    expect(outcomes).toEqual(['succeeded', 'blocked', 'succeeded']);
    expect(arrived.map(({ address }) => address.replace('::ffff:', ''))).toEqual([PUBLIC, PUBLIC]);
  });

  test.each([0, 3_600])('with a time to live of %i s, each new connection asks again', async (ttl) => {
    await names.close();
    names = await startNameServer(ttl);
    names.answer('often.example', [PUBLIC]);
    const egress = testEgress({ open: OPEN, servers: [names.address] });
    for (let round = 0; round < 3; round += 1) await post(senderWith(egress), 'often.example');
    expect(names.asked).toHaveLength(6);
    expect(connections).toBe(3);
  });

  test('a name with more addresses than can be judged', async () => {
    names.answer(
      'many.example',
      Array.from({ length: 65 }, (_, index) => `127.0.0.${index + 2}`),
    );
    expect(await post(sender(), 'many.example')).toMatchObject({
      outcome: 'blocked',
      error: "Not sent: the endpoint's host name must have at most 64 addresses",
    });
    expect(connections).toBe(0);
  });

  test('plain HTTP, once the operator has closed it', async () => {
    names.answer('plain.example', [PUBLIC]);
    const send = senderWith(testEgress({ open: OPEN, servers: [names.address], allowHttp: false }));
    for (const host of ['plain.example', PUBLIC]) {
      expect(await post(send, host)).toMatchObject({
        outcome: 'blocked',
        error: "Not sent: the endpoint's URL must use https:",
      });
    }
    expect([names.asked, connections]).toEqual([[], 0]);
  });

  const mixed: [answer: string[]][] = [
    [[PUBLIC, '127.0.0.1']],
    [['127.0.0.1', PUBLIC]],
    [[PUBLIC, '::1']],
    [[PUBLIC, '::ffff:127.0.0.1']],
    [[...Array.from({ length: 20 }, () => PUBLIC), '127.0.0.1']],
    [['127.0.0.1']],
    [['0.0.0.0']],
    [['::']],
    [['::ffff:7f00:1']],
  ];
  test.each(mixed)('%j is refused whole', async (answer) => {
    names.answer('mixed.example', answer);
    expect(await post(sender(), 'mixed.example')).toMatchObject({ outcome: 'blocked', error: REFUSED });
    expect(connections).toBe(0);
  });

  test('an address without a lookup, in any notation, gets no connection either', async () => {
    for (const host of ['127.0.0.1', '2130706433', '127.1', '[::1]', '[::ffff:127.0.0.1]', '[::]', '0']) {
      expect(await post(sender(), host)).toMatchObject({ outcome: 'blocked' });
    }
    expect(connections).toBe(0);
  });

  test('a private name is refused before anybody is asked', async () => {
    names.answer('metadata.google.internal', [PUBLIC]);
    names.answer('postgres', [PUBLIC]);
    for (const host of ['metadata.google.internal', 'postgres', 'printer.local']) {
      expect(await post(sender(), host)).toMatchObject({ outcome: 'blocked', error: /private or local/ });
    }
    expect(names.asked).toEqual([]);
  });
});

describe('A name that leads nowhere', () => {
  test('does not exist', async () => {
    expect(await post(sender(), 'nowhere.example')).toMatchObject({
      outcome: 'network_error',
      error: "The endpoint's host name does not exist in DNS (ENOTFOUND)",
    });
  });

  test('has no address', async () => {
    names.answer('empty.example', []);
    expect(await post(sender(), 'empty.example')).toMatchObject({ outcome: 'network_error', error: /\(ENOTFOUND\)$/ });
  });

  test('its name server fails', async () => {
    names.answer('broken.example', 'fails');
    expect(await post(sender(), 'broken.example')).toMatchObject({ outcome: 'network_error', error: /\(EAI_AGAIN\)$/ });
  });

  test('no name server is there: the sentence does not speak of the endpoint refusing', async () => {
    const egress = testEgress({ open: OPEN, servers: ['127.0.0.1:9'] });
    expect(await post(senderWith(egress), 'any.example')).toMatchObject({
      outcome: 'network_error',
      error: "The endpoint's host name could not be looked up: DNS did not answer (EAI_AGAIN)",
    });
  });

  test("its name server is silent, and the attempt's deadline comes first", async () => {
    names.answer('silent.example', 'silent');
    const { outcome, error, durationMs } = await post(sender(), 'silent.example', 300);
    expect({ outcome, error }).toEqual({ outcome: 'timeout', error: 'No connection within 300 ms' });
    expect(durationMs).toBeLessThan(1_500);
  });
});

test('Silent name servers of many endpoints hold up neither files nor the names of others', async () => {
  names.answer('silent.example', 'silent');
  names.answer('quick.example', [PUBLIC]);
  const send = sender();
  const silent = Array.from({ length: 64 }, () => post(send, 'silent.example', 2_000));
  const startedAt = performance.now();
  for (let round = 0; round < 5; round += 1) {
    expect(await post(sender(), 'quick.example')).toMatchObject({ outcome: 'succeeded' });
    await readFile(fileURLToPath(import.meta.url));
  }
  expect(performance.now() - startedAt).toBeLessThan(1_500);
  await Promise.all(silent);
});

describe('A connection that is kept', () => {
  function clockedSender() {
    const clock = { now: 0 };
    const egress = testEgress({ open: `${OPEN},${OTHER}/32`, servers: [names.address] });
    const wayOut = (keepAlive: boolean) => ({
      agents: createGuardedAgents(egress, { keepAlive, now: () => clock.now }),
      agentFor: () => ({ kind: 'unusable' as const, reason: 'No endpoint here has an identity' }),
    });
    const send = sendThrough({
      kept: wayOut(true),
      fresh: wayOut(false),
      interrupt: new AbortController().signal,
      now: () => performance.now(),
    });
    return { clock, send };
  }

  const OTHER = '127.0.0.3';
  const arrivedAt = () => arrived.map(({ address }) => address.replace('::ffff:', ''));
  const serveWithTtl = async (ttl: number) => {
    await names.close();
    names = await startNameServer(ttl);
  };

  test('is used again without asking while the answer holds, for 1 s at the most, and after it when DNS says the same', async () => {
    names.answer('stays.example', [PUBLIC]);
    const { clock, send } = clockedSender();
    for (const at of [0, 999, 1_000, 1_001]) {
      clock.now = at;
      expect(await post(send, 'stays.example')).toMatchObject({ outcome: 'succeeded' });
    }
    expect([connections, names.asked.length]).toEqual([1, 4]);
  });

  test('is not used again once the name has moved: the request goes to the new address', async () => {
    await serveWithTtl(0);
    names.answer('moved.example', [PUBLIC], [OTHER]);
    const { send } = clockedSender();
    for (let round = 0; round < 3; round += 1) await post(send, 'moved.example');
    expect(arrivedAt()).toEqual([PUBLIC, OTHER, OTHER]);
    expect([connections, names.asked.length]).toEqual([2, 6]);
  });

  test.each([
    ['to an address that is refused', ['127.0.0.1'], { outcome: 'blocked', error: REFUSED }],
    ['to no address', 'no such name', { outcome: 'network_error', error: /\(ENOTFOUND\)$/ }],
    ['where its name server fails', 'fails', { outcome: 'network_error', error: /\(EAI_AGAIN\)$/ }],
  ] as const)('is not used again once the name has moved %s', async (_, answer, expected) => {
    await serveWithTtl(1);
    names.answer('moved.example', [PUBLIC], [PUBLIC], answer);
    const { clock, send } = clockedSender();
    const outcomes = [];
    for (const at of [0, 1_000, 2_000]) {
      clock.now = at;
      outcomes.push(await post(send, 'moved.example'));
    }
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded', expected.outcome]);
    expect(outcomes[2]).toMatchObject(expected);
    expect([connections, arrived.length]).toEqual([1, 2]);
    // What was asked for the kept connection is not asked again for the new one.
    expect(names.asked).toHaveLength(6);
  });

  test('stays when the answer names its address among others, in whatever order', async () => {
    await serveWithTtl(0);
    names.answer('pool.example', [PUBLIC, OTHER], [OTHER, PUBLIC]);
    const { send } = clockedSender();
    for (let round = 0; round < 3; round += 1) await post(send, 'pool.example');
    expect([arrivedAt(), connections]).toEqual([[PUBLIC, PUBLIC, PUBLIC], 1]);
  });

  test('that was in use while the name moved is not kept', async () => {
    await serveWithTtl(0);
    names.answer('busy.example', [PUBLIC], [PUBLIC], [OTHER]);
    const { send } = clockedSender();
    holding = 1;
    const held = post(send, 'busy.example');
    await eventually(() => expect(release).not.toBeNull());
    // Of the two connections one is idle, and is closed when the next request finds that the name has moved.
    await post(send, 'busy.example');
    await post(send, 'busy.example');
    release?.();
    await held;
    await post(send, 'busy.example');
    expect([arrivedAt(), connections]).toEqual([[PUBLIC, PUBLIC, OTHER, OTHER], 3]);
  });

  test('costs one lookup, however many requests wait for it', async () => {
    await serveWithTtl(0);
    names.answer('shared.example', [PUBLIC]);
    const { send } = clockedSender();
    const together = () => Promise.all(Array.from({ length: 20 }, () => post(send, 'shared.example')));
    await together();
    const askedBefore = names.asked.length;
    await together();
    expect([askedBefore, names.asked.length]).toEqual([40, 42]);
    expect(connections).toBe(20);
  });

  test('is not used any more after 5 s', async () => {
    names.answer('old.example', [PUBLIC]);
    const { clock, send } = clockedSender();
    for (const [at, expected] of [
      [0, 1],
      [4_999, 1],
      [5_000, 1],
      [5_000, 2],
    ] as const) {
      clock.now = at;
      expect(await post(send, 'old.example')).toMatchObject({ outcome: 'succeeded' });
      // At 5,000 it is lent for the last time, and then closed.
      expect(connections).toBe(expected);
    }
  });

  test('is never lent to another policy', async () => {
    names.answer('shared.example', [PUBLIC]);
    expect(await post(sender(), 'shared.example')).toMatchObject({ outcome: 'succeeded' });
    const strict = senderWith(testEgress({ open: '', servers: [names.address] }));
    expect(await post(strict, 'shared.example')).toMatchObject({ outcome: 'blocked' });
    expect(connections).toBe(1);
  });
});

describe('Names that the operator wrote into the hosts file', () => {
  let folder: string;
  let hostsFile: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'posthorn-hosts-'));
    hostsFile = join(folder, 'hosts');
    writeFileSync(
      hostsFile,
      `127.0.0.2 erp.example ERP.alias.example # ours\n127.0.0.1\tinside.example\n127.0.0.2 half.example\n127.0.0.1 half.example\nnonsense here\n`,
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const hostsSender = () => senderWith(testEgress({ open: OPEN, servers: [names.address], hostsFile }));

  test('count where all of their addresses are opened, and nobody is asked', async () => {
    for (const host of ['erp.example', 'erp.alias.example', 'ERP.EXAMPLE', 'erp.example.']) {
      expect(await post(hostsSender(), host)).toMatchObject({ outcome: 'succeeded' });
    }
    expect(names.asked).toEqual([]);
  });

  test('are names like others where they are not', async () => {
    names.answer('inside.example', [PUBLIC]);
    expect(await post(hostsSender(), 'inside.example')).toMatchObject({ outcome: 'succeeded' });
    expect(await post(hostsSender(), 'half.example')).toMatchObject({ outcome: 'network_error' });
  });

  test('localhost is this machine where that is opened, whatever DNS and the file say', async () => {
    names.answer('localhost', [PUBLIC]);
    for (const [open, outcome] of [
      ['127.0.0.0/8', 'succeeded'],
      ['127.0.0.1', 'succeeded'],
      ['::1/128,127.0.0.0/8', 'succeeded'],
      [OPEN, 'blocked'],
    ] as const) {
      const send = senderWith(testEgress({ open, servers: [names.address], hostsFile }));
      for (const host of ['localhost', 'hooks.localhost', 'localhost.']) {
        expect([open, host, (await post(send, host)).outcome]).toEqual([open, host, outcome]);
      }
    }
    expect(names.asked).toEqual([]);
  });
});

test("A lookup that nobody answers ends by itself, however many name servers are silent, inside the attempt's deadline", async () => {
  const more = await Promise.all([startNameServer(), startNameServer()]);
  const servers = [names, ...more];
  for (const each of servers) each.answer('silent.example', 'silent');
  const egress = testEgress({ open: OPEN, servers: servers.map(({ address }) => address) });
  const { outcome, error, durationMs } = await post(senderWith(egress), 'silent.example');
  expect({ outcome, error }).toEqual({
    outcome: 'network_error',
    error: "The endpoint's host name could not be looked up: DNS did not answer (EAI_AGAIN)",
  });
  expect(durationMs).toBeLessThan(5_000);
  await Promise.all(more.map((each) => each.close()));
});
