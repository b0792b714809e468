import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import { ANSWER_BUDGET_MS } from '../src/http/answer-budget.ts';
import { createApiServer, type ServerLimits, serverLimits } from '../src/http/create-api-server.ts';
import { HEARTBEAT_MS } from '../src/live/run-stream.ts';
import { sendRaw } from './send-raw.ts';

const QUIET_MS = 5_000;
const PATIENCE_MS = 200;
const short: ServerLimits = {
  headersTimeoutMs: PATIENCE_MS,
  requestTimeoutMs: 2 * PATIENCE_MS,
  checkEveryMs: 20,
  keepAliveTimeoutMs: PATIENCE_MS,
  inactivityTimeoutMs: 10 * PATIENCE_MS,
  lingerMs: PATIENCE_MS,
  maxHeaderBytes: 2_048,
  maxConnections: 3,
};

let close: () => Promise<void>;
afterEach(() => close());

const answerAtOnce: RequestListener = (request, response) => void request.resume().on('end', () => response.end('ok'));

async function serve(limits: ServerLimits, listener = answerAtOnce): Promise<string> {
  const quiet = () => undefined;
  const log = { error: quiet, warn: quiet, info: quiet, debug: quiet };
  const server = createApiServer(listener, log, limits);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const head = 'POST / HTTP/1.1\r\nHost: x\r\n';

test.each([
  ['a head that does not end', head],
  ['a body that does not end', `${head}Content-Length: 10\r\n\r\nhello`],
  ['a chunk that does not end', `${head}Transfer-Encoding: chunked\r\n\r\n5\r\nhel`],
])('%s is cut off with 408', async (_, text) => {
  const { received, closed } = await sendRaw(await serve(short), text, QUIET_MS);
  expect([received.slice(0, 12), closed]).toEqual(['HTTP/1.1 408', true]);
});

test('a connection without a request is closed', async () => {
  const url = await serve(short);
  expect((await sendRaw(url, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', QUIET_MS)).closed).toBe(true);
  expect((await sendRaw(url, '', QUIET_MS)).closed).toBe(true);
});

test.each([
  [1_900, 'HTTP/1.1 200'],
  [2_100, 'HTTP/1.1 431'],
])('a head of %d bytes is answered with %s', async (bytes, status) => {
  const text = `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(bytes - 31)}\r\n\r\n`;
  expect((await sendRaw(await serve(short), text, QUIET_MS)).received.slice(0, 12)).toBe(status);
});

test('a connection too many is closed, and there is room again once one has gone', async () => {
  const patient = { ...short, headersTimeoutMs: 60_000, requestTimeoutMs: 60_000, keepAliveTimeoutMs: 60_000 };
  const url = await serve(patient);
  const { port, hostname } = new URL(url);
  const held = Array.from({ length: 3 }, () => connect(Number(port), hostname));
  await Promise.all(held.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
  const request = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
  expect(await sendRaw(url, request, QUIET_MS)).toEqual({ received: '', closed: true });
  held[0]?.destroy();
  await eventually(async () => {
    expect((await sendRaw(url, request, QUIET_MS)).received).toMatch(/^HTTP\/1\.1 200/);
  });
  for (const socket of held) socket.destroy();
});

test('who is refused unread and never closes their side does not keep the connection', async () => {
  const url = await serve(short);
  const { port, hostname: host } = new URL(url);
  const silent = ['POST / HTTP/1.1\r\n', 'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n', 'nonsense\r\n\r\n'].map((text) => {
    const socket = connect({ port: Number(port), host, allowHalfOpen: true }).on('error', () => undefined);
    socket.resume().write(text);
    return socket;
  });
  const request = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
  await Promise.all(silent.map((socket) => new Promise((resolve) => socket.once('end', resolve))));
  await eventually(async () => {
    const answers = await Promise.all([0, 1, 2].map(() => sendRaw(url, request, QUIET_MS)));
    for (const { received } of answers) expect(received).toMatch(/^HTTP\/1\.1 200/);
  }, 3_000);
  for (const socket of silent) socket.destroy();
});

test('nonsense behind a request is not answered in its place', async () => {
  const { received, closed } = await sendRaw(
    await serve(short),
    'GET / HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\n',
    QUIET_MS,
  );
  expect(received).not.toContain('400');
  expect(closed).toBe(true);
});

const INACTIVITY_MS = 400;
const impatient = { ...short, inactivityTimeoutMs: INACTIVITY_MS };
/** Of which the client's and the server's system take a part, and the rest waits in the process. */
const answer = Buffer.alloc(16_000_000);

/** Asks, and reads nothing until it is resumed. */
function askUnread(url: string): Socket {
  const { port, hostname } = new URL(url);
  const socket = connect(Number(port), hostname).on('error', () => undefined);
  socket.pause().write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  return socket;
}

/** Reads so many bytes at a time. @returns how many came until the connection was closed */
async function readSlowly(socket: Socket, bytes: number, everyMs: number): Promise<number> {
  let taken = 0;
  let wanted = 0;
  socket.on('data', (chunk) => {
    taken += chunk.byteLength;
    if (taken >= wanted) socket.pause();
  });
  const reading = setInterval(() => {
    wanted = taken + bytes;
    socket.resume();
  }, everyMs);
  await once(socket, 'close');
  clearInterval(reading);
  return taken;
}

test('a connection is closed whose client reads nothing of its answer, and what is left of the answer is dropped', async () => {
  let closed = false;
  const url = await serve(impatient, ({ socket }, response) => {
    socket.once('close', () => {
      closed = true;
    });
    response.end(answer);
  });
  const socket = askUnread(url);
  await eventually(() => closed);
  expect(await readSlowly(socket, answer.byteLength, INACTIVITY_MS / 8)).toBeLessThan(answer.byteLength);
});

test('a client that reads slowly, but reads, gets its whole answer', async () => {
  const url = await serve(impatient, (_request, response) => void response.end(answer));
  const startedAt = performance.now();
  const taken = await readSlowly(askUnread(url), answer.byteLength / 16, INACTIVITY_MS / 4);
  expect(taken).toBeGreaterThan(answer.byteLength);
  expect(performance.now() - startedAt).toBeGreaterThan(3 * INACTIVITY_MS);
});

test('an answer that goes on, a beat now and then, outlives the time in which nothing may move', async () => {
  const url = await serve(impatient, (_request, response) => {
    const beat = setInterval(() => response.write('beat '), INACTIVITY_MS / 4);
    response.once('close', () => clearInterval(beat));
  });
  const { body } = await fetch(url);
  let beats = 0;
  for await (const chunk of body ?? []) {
    beats += Buffer.from(chunk).toString().split('beat ').length - 1;
    if (beats >= 16) break;
  }
  expect(beats).toBeGreaterThanOrEqual(16);
});

test('what the API itself allows is bounded', async () => {
  close = async () => undefined;
  expect(serverLimits.headersTimeoutMs + serverLimits.checkEveryMs).toBeLessThanOrEqual(15_000);
  expect(serverLimits.requestTimeoutMs + serverLimits.checkEveryMs).toBeLessThanOrEqual(35_000);
  expect(serverLimits.maxHeaderBytes).toBeLessThanOrEqual(16_384);
  expect(serverLimits.maxConnections).toBeLessThanOrEqual(10_000);
  expect(serverLimits.inactivityTimeoutMs).toBeLessThanOrEqual(60_000);
});

test('who still sends, waits for an answer or follows a live stream is not taken for one who reads nothing', async () => {
  close = async () => undefined;
  const { inactivityTimeoutMs, requestTimeoutMs, checkEveryMs } = serverLimits;
  expect(inactivityTimeoutMs).toBeGreaterThan(requestTimeoutMs + checkEveryMs + ANSWER_BUDGET_MS);
  expect(inactivityTimeoutMs).toBeGreaterThan(3 * HEARTBEAT_MS);
});
