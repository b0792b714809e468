import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { classifyResult } from '@posthorn/domain/delivery/classify-result';
import { claimPort } from '@posthorn/testkit/claim-port';
import { selfSign } from '@posthorn/testkit/self-sign';
import { type NameServer, startNameServer } from '@posthorn/testkit/start-name-server';
import { type Receiver, startReceiver } from '@posthorn/testkit/start-receiver';
import type { TlsIdentity } from '../src/send/create-identity-agents.ts';
import { createSender } from '../src/send/create-sender.ts';
import { type ConnectProxy, type Refusal, startConnectProxy } from './start-connect-proxy.ts';
import { networks, testEgress } from './test-egress.ts';

const PASSWORD = 'pass%3Aword';
const SENTENCE =
  'The way out to the internet could not be used; this is for the operator of this service to look at (POSTHORN_PROXY)';

let receiver: Receiver;
let names: NameServer;
let proxy: ConnectProxy | undefined;
let reported: string[];

beforeAll(async () => {
  receiver = await startReceiver(200);
  names = await startNameServer();
  names.answer('hook.example', ['127.0.0.1']);
  names.answer('private.example', ['10.1.2.3']);
  names.answer('mixed.example', ['127.0.0.1', '10.1.2.3']);
});
beforeEach(() => {
  receiver.requests.length = 0;
  reported = [];
});
afterEach(async () => {
  await proxy?.close();
  proxy = undefined;
});
afterAll(() => Promise.all([receiver.close(), names.close()]));

/** @param bypass what is reached directly; in production what the operator opened */
async function behindProxy({ refuse, bypass = '', port }: { refuse?: Refusal; bypass?: string; port?: number } = {}) {
  proxy = await startConnectProxy(refuse);
  const url = `http://acme:${PASSWORD}@127.0.0.1:${port ?? proxy.port}`;
  const egress = testEgress({
    open: '127.0.0.1',
    servers: [names.address],
    proxy: { url, bypass: networks(bypass), report: (reason) => void reported.push(reason) },
  });
  const send = createSender(egress, new AbortController().signal);
  return async (to: string, timeoutMs = 8_000, tls: TlsIdentity | null = null) => {
    const { result, durationMs } = await send({ url: to, headers: {}, body: '{"a":1}', timeoutMs, tls });
    return { ...classifyResult(result), durationMs };
  };
}

const portOf = (url: string): string => new URL(url).port;

/** @returns its port; handshakes that fail are what is tested, and no fault of it */
async function listen(server: TlsServer): Promise<number> {
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

describe('Through the proxy', () => {
  test('a delivery goes to the address that was checked, not to a name, and the receiver sees its own name', async () => {
    const post = await behindProxy();
    const port = portOf(receiver.url);
    expect(await post(`http://hook.example:${port}/in?x=1`)).toMatchObject({ outcome: 'succeeded', error: null });
    expect(proxy?.asked).toEqual([
      { target: `127.0.0.1:${port}`, authorization: `Basic ${Buffer.from('acme:pass:word').toString('base64')}` },
    ]);
    expect(receiver.requests).toMatchObject([
      { path: '/in?x=1', body: '{"a":1}', headers: { host: `hook.example:${port}` } },
    ]);
    expect(receiver.requests[0]?.headers).not.toHaveProperty('proxy-authorization');
  });

  test('a connection is used for several deliveries', async () => {
    const post = await behindProxy();
    for (let round = 0; round < 3; round += 1) expect((await post(`${receiver.url}/`)).outcome).toBe('succeeded');
    expect(receiver.requests).toHaveLength(3);
    expect(proxy?.asked).toHaveLength(1);
  });

  test("TLS is the receiver's: its name is asked for, and its certificate is verified", async () => {
    const asked: string[] = [];
    const server = createTlsServer({
      ...(await selfSign('receiver', { hosts: ['hook.example'] })).server,
      SNICallback: (name, done) => {
        asked.push(name);
        done(null);
      },
    });
    const port = await listen(server);
    const post = await behindProxy();
    expect(await post(`https://hook.example:${port}/`)).toMatchObject({
      outcome: 'network_error',
      error: expect.stringMatching(/DEPTH_ZERO_SELF_SIGNED_CERT/) as unknown,
    });
    expect(asked).toEqual(['hook.example']);
    expect(proxy?.asked.map(({ target }) => target)).toEqual([`127.0.0.1:${port}`]);
    await new Promise((resolve) => server.close(resolve));
  });

  test('a connection of TLS is used for several deliveries', async () => {
    const { certificate, server: options } = await selfSign('receiver', { hosts: ['hook.example'] });
    let connections = 0;
    const server = createTlsServer(options, (socket) => {
      connections += 1;
      socket.on('data', () => socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 12000\r\n\r\n${'a'.repeat(12_000)}`));
    });
    const port = await listen(server);
    const post = await behindProxy();
    const tls = { endpointId: 'a', ca: certificate, client: null };
    for (let round = 0; round < 3; round += 1) {
      const sent = await post(`https://hook.example:${port}/`, 8_000, tls);
      expect(sent).toMatchObject({ outcome: 'succeeded', error: null });
    }
    expect(connections).toBe(1);
    await proxy?.close();
    proxy = undefined;
    await new Promise((resolve) => server.close(resolve));
  });

  test('a handshake is bound as it is without a proxy', async () => {
    const { cert, key } = (await selfSign('receiver', { hosts: ['hook.example'] })).server;
    const server = createTlsServer({ cert: Array<string>(200).fill(cert).join('\n'), key });
    const port = await listen(server);
    const post = await behindProxy();
    expect(await post(`https://hook.example:${port}/`)).toMatchObject({
      outcome: 'network_error',
      error: expect.stringMatching(/POSTHORN_HANDSHAKE/) as unknown,
    });
    await new Promise((resolve) => server.close(resolve));
  });

  test('nothing refused gets out: neither a literal, nor a name, nor a port', async () => {
    const post = await behindProxy();
    for (const url of [
      'http://10.1.2.3/',
      'http://[::1]/',
      'http://[::ffff:10.1.2.3]/',
      'http://private.example/',
      'http://mixed.example/',
      'http://metadata.google.internal/',
      'http://8.8.8.8:6379/',
    ]) {
      expect(await post(url)).toMatchObject({ outcome: 'blocked' });
    }
    expect(proxy?.asked).toEqual([]);
  });

  test('a name that does not exist is told as such', async () => {
    const post = await behindProxy();
    expect(await post('http://nowhere.example/')).toMatchObject({
      outcome: 'network_error',
      error: "The endpoint's host name does not exist in DNS (ENOTFOUND)",
    });
    expect(proxy?.asked).toEqual([]);
  });
});

test('What the operator opened is reached directly', async () => {
  const post = await behindProxy({ bypass: '127.0.0.1' });
  expect((await post(`http://hook.example:${portOf(receiver.url)}/`)).outcome).toBe('succeeded');
  expect((await post(`${receiver.url}/`)).outcome).toBe('succeeded');
  expect(receiver.requests).toHaveLength(2);
  expect(proxy?.asked).toEqual([]);
});

describe('A proxy that opens no connection', () => {
  const cases: [what: string, refuse: Refusal, reason: RegExp][] = [
    ['wants other credentials', (client) => client.end('HTTP/1.1 407 No\r\n\r\n'), /^answered 407$/],
    ['forbids the target', (client) => client.end('HTTP/1.1 403 No\r\n\r\n10.9.9.9 is inside'), /^answered 403$/],
    ['cannot reach the target', (client) => client.end('HTTP/1.1 502 No route\r\n\r\n'), /^answered 502$/],
    ['redirects', (client) => client.end('HTTP/1.1 302 No\r\nlocation: http://10.9.9.9/\r\n\r\n'), /^answered 302$/],
    ['speaks something else', (client) => client.end('SSH-2.0-x\r\n'), /^HPE_/],
    [
      'sends headers without end',
      (client) => client.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(40_000)}`),
      /^HPE_HEADER_OVERFLOW$/,
    ],
    ['closes', (client) => client.destroy(), /^ECONNRESET$/],
  ];
  test.each(cases)('%s: the customer reads one sentence, the operator the reason', async (_, refuse, reason) => {
    const post = await behindProxy({ refuse });
    expect(await post(`${receiver.url}/`)).toMatchObject({ outcome: 'network_error', error: SENTENCE });
    expect(reported).toEqual([expect.stringMatching(reason)]);
    expect(receiver.requests).toHaveLength(0);
  });

  test('is not there', async () => {
    const post = await behindProxy({ port: await claimPort() });
    expect(await post(`${receiver.url}/`)).toMatchObject({ outcome: 'network_error', error: SENTENCE });
    expect(reported).toEqual(['ECONNREFUSED']);
  });

  test("never answers: the attempt's deadline holds", async () => {
    const post = await behindProxy({ refuse: () => undefined });
    const { outcome, error, durationMs } = await post(`${receiver.url}/`, 300);
    expect({ outcome, error }).toEqual({ outcome: 'timeout', error: 'No connection within 300 ms' });
    expect(durationMs).toBeLessThan(1_500);
  });
});
