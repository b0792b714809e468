import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type Agent, get } from 'node:https';
import { performance } from 'node:perf_hooks';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import { type IssuedCertificate, selfSign } from '@posthorn/testkit/self-sign';
import { startTlsReceiver, type TlsReceiver } from '@posthorn/testkit/start-tls-receiver';
import { createGuardedAgents } from '../src/send/create-guarded-agents.ts';
import { createIdentityAgents, type TlsIdentity } from '../src/send/create-identity-agents.ts';
import { createSender } from '../src/send/create-sender.ts';
import type { Sender } from '../src/send/outgoing-request.ts';
import { testEgress } from './test-egress.ts';

/** Real TLS on loopback: what is refused, what is accepted, and over which connections. */
const egress = testEgress();
const agentOptions = { keepAlive: true, now: () => performance.now() };

let authority: IssuedCertificate;
let other: IssuedCertificate;
let server: IssuedCertificate;
let acme: IssuedCertificate;
let globex: IssuedCertificate;
let send: Sender;
const stop = new AbortController();
let receivers: TlsReceiver[] = [];

beforeAll(async () => {
  [authority, other] = await Promise.all([selfSign('Receiver CA'), selfSign('Other CA')]);
  [server, acme, globex] = await Promise.all([
    authority.issue('receiver'),
    authority.issue('acme'),
    authority.issue('globex'),
  ]);
  send = createSender(egress, stop.signal);
});
afterEach(async () => {
  await Promise.all(receivers.map((receiver) => receiver.close()));
  receivers = [];
});
afterAll(() => stop.abort());

async function receive(options: Parameters<typeof startTlsReceiver>[0] = {}): Promise<TlsReceiver> {
  const { certificate: cert, key } = server;
  const receiver = await startTlsReceiver({ cert, key, ...options });
  receivers.push(receiver);
  return receiver;
}

/** A receiver that lets only those in who show a certificate of the authority. */
const receiveKnown = (more: Parameters<typeof receive>[0] = {}) =>
  receive({ requestCert: true, rejectUnauthorized: true, ca: authority.certificate, ...more });

const identity = (of: Partial<TlsIdentity>): TlsIdentity => ({ endpointId: 'a', ca: null, client: null, ...of });
const pinned = (ca: IssuedCertificate, client: IssuedCertificate | null = null, endpointId = 'a') =>
  identity({ endpointId, ca: ca.certificate, client });

async function attempt(receiver: TlsReceiver, tls: TlsIdentity | null): Promise<string> {
  const { result } = await send({ url: receiver.url, headers: {}, body: '{}', timeoutMs: 5_000, tls });
  if (result.kind === 'answered') return String(result.status);
  return result.kind === 'network' ? result.reason : result.kind;
}

test('A certificate of an unknown authority is refused, and accepted where that authority is pinned', async () => {
  const receiver = await receive();
  expect(await attempt(receiver, null)).toMatch(/^TLS: the certificate was issued by an unknown authority/);
  expect(await attempt(receiver, pinned(authority))).toBe('204');
  expect(await attempt(receiver, null)).toMatch(/^TLS: /);
  expect(receiver.requests).toHaveLength(1);
});

test('A pinned authority stands in the place of all others', async () => {
  const receiver = await receive();
  expect(await attempt(receiver, pinned(other))).toMatch(/^TLS: the certificate was issued by an unknown authority/);
  const both = identity({ ca: `${other.certificate}\n${authority.certificate}` });
  expect(await attempt(receiver, both)).toBe('204');
});

test('An authority in the middle of a chain may be pinned, and so may the certificate itself', async () => {
  const middle = await authority.issue('Middle CA', { authority: true });
  const leaf = await middle.issue('leaf');
  const receiver = await receive({ cert: `${leaf.certificate}\n${middle.certificate}`, key: leaf.key });
  expect(await attempt(receiver, pinned(middle))).toBe('204');
  expect(await attempt(receiver, pinned(leaf))).toBe('204');
  expect(await attempt(receiver, pinned(other))).toMatch(/^TLS: /);
});

test.each([
  ['has expired', { lifetimeMs: -1_000 }, 'TLS: the certificate has expired'],
  ['is for another host', { hosts: ['other.example'] }, 'TLS: the certificate is for another host name'],
])('A pinned authority does not excuse a certificate that %s', async (_, options, reason) => {
  const { certificate: cert, key } = await authority.issue('wrong', options);
  const receiver = await receive({ cert, key });
  expect(await attempt(receiver, pinned(authority))).toContain(reason);
});

test('TLS 1.1 is refused, with an identity of its own too', async () => {
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  const receiver = await receive(old);
  expect(await attempt(receiver, null)).toMatch(/^TLS: the handshake failed/);
  expect(await attempt(receiver, pinned(authority))).toMatch(/^TLS: the handshake failed/);
  expect(await attempt(await receive({ maxVersion: 'TLSv1.2' }), pinned(authority))).toBe('204');
});

test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'A receiver that asks for a client certificate refuses without, and with one of a stranger, and accepts the right one (%s)',
  async (version) => {
    const receiver = await receiveKnown({ minVersion: version, maxVersion: version });
    const stranger = await other.issue('stranger');
    const without = await attempt(receiver, pinned(authority));
    expect(without).toMatch(/^TLS: /);
    if (version === 'TLSv1.3') expect(without).toContain('the receiver asks for a client certificate');
    expect(await attempt(receiver, pinned(authority, stranger))).toMatch(/^TLS: |^The receiver closed or reset/);
    expect(receiver.requests).toEqual([]);
    expect(await attempt(receiver, pinned(authority, acme))).toBe('204');
    expect(receiver.requests).toEqual([{ connection: 1, client: 'acme' }]);
  },
);

test('Endpoints on one host and port with different identities never share a connection, each keeps its own', async () => {
  const receiver = await receiveKnown();
  const [a, b] = [pinned(authority, acme, 'a'), pinned(authority, globex, 'b')];
  for (const tls of [a, b, a, b, a]) expect(await attempt(receiver, tls)).toBe('204');
  const clients = receiver.requests.map(({ client }) => client);
  const connections = receiver.requests.map(({ connection }) => connection);
  expect(clients).toEqual(['acme', 'globex', 'acme', 'globex', 'acme']);
  expect(connections).toEqual([1, 2, 1, 2, 1]);
});

test('Two endpoints with the same certificates have connections of their own', async () => {
  const receiver = await receiveKnown();
  for (const endpointId of ['a', 'b', 'a']) await attempt(receiver, pinned(authority, acme, endpointId));
  expect(receiver.requests.map(({ connection }) => connection)).toEqual([1, 2, 1]);
});

test('A new certificate is shown by the next request, although a connection of the old one is open', async () => {
  const receiver = await receiveKnown();
  for (const client of [acme, globex]) await attempt(receiver, pinned(authority, client));
  expect(receiver.requests.map(({ client }) => client)).toEqual(['acme', 'globex']);
});

test('Of too many identities the one used longest ago is forgotten, and its idle connections are closed', async () => {
  const receiver = await receive();
  const agentFor = createIdentityAgents(
    (secureContext) => createGuardedAgents(egress, { ...agentOptions, secureContext }).https,
    2,
  );
  const agentOf = (endpointId: string) => {
    const found = agentFor(pinned(authority, null, endpointId));
    if (found.kind === 'unusable') throw new Error(found.reason);
    return found.agent;
  };
  const request = async (agent: Agent) => {
    const [response] = (await once(get(receiver.url, { agent }), 'response')) as [IncomingMessage];
    await once(response.resume(), 'close');
  };
  const idleOf = (agent: Agent) => Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? []);
  const [first, second] = [agentOf('a'), agentOf('b')];
  await Promise.all([request(first), request(second)]);
  await eventually(() => expect([idleOf(first).length, idleOf(second).length]).toEqual([1, 1]));
  expect(agentOf('a')).toBe(first);
  const [ofSecond] = idleOf(second);
  agentOf('c');
  expect([agentOf('a') === first, ofSecond?.destroyed, idleOf(first)[0]?.destroyed]).toEqual([true, true, false]);
  expect(agentOf('b')).not.toBe(second);
});

test('Certificates that cannot be used are a failure with a reason, and never an exception', async () => {
  const receiver = await receive();
  const broken = identity({ client: { certificate: acme.certificate, key: globex.key } });
  expect(await attempt(receiver, broken)).toMatch(
    /^TLS: the endpoint's own certificates cannot be used; register new ones \(ERR_/,
  );
});
