import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import { createApiServer, type ServerLimits, serverLimits } from '../src/http/create-api-server.ts';
import { sendRaw } from './send-raw.ts';

const QUIET_MS = 5_000;
const PATIENCE_MS = 200;
const short: ServerLimits = {
  headersTimeoutMs: PATIENCE_MS,
  requestTimeoutMs: 2 * PATIENCE_MS,
  checkEveryMs: 20,
  keepAliveTimeoutMs: PATIENCE_MS,
  lingerMs: PATIENCE_MS,
  maxHeaderBytes: 2_048,
  maxConnections: 3,
};

let close: () => Promise<void>;
afterEach(() => close());

async function serve(limits: ServerLimits): Promise<string> {
  const quiet = () => undefined;
  const log = { error: quiet, warn: quiet, info: quiet, debug: quiet };
  const server = createApiServer(
    (request, response) => void request.resume().on('end', () => response.end('ok')),
    log,
    limits,
  );
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

test('what the API itself allows is bounded', async () => {
  close = async () => undefined;
  expect(serverLimits.headersTimeoutMs + serverLimits.checkEveryMs).toBeLessThanOrEqual(15_000);
  expect(serverLimits.requestTimeoutMs + serverLimits.checkEveryMs).toBeLessThanOrEqual(35_000);
  expect(serverLimits.maxHeaderBytes).toBeLessThanOrEqual(16_384);
  expect(serverLimits.maxConnections).toBeLessThanOrEqual(10_000);
});
