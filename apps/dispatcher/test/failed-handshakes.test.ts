import { afterEach, expect, test } from '@jest/globals';
import { classifyResult } from '@posthorn/domain/delivery/classify-result';
import { claimPort } from '@posthorn/testkit/claim-port';
import { selfSign } from '@posthorn/testkit/self-sign';
import { endpointHealth } from '../src/attempt/endpoint-health.ts';
import type { TlsIdentity } from '../src/send/create-identity-agents.ts';
import { createSender } from '../src/send/create-sender.ts';
import { answering, OK } from './raw-answers.ts';
import { type RawReceiver, startRawReceiver } from './start-raw-receiver.ts';
import { testEgress } from './test-egress.ts';

const authority = await selfSign('Authority');
const { server } = await authority.issue('receiver');
const pinned: TlsIdentity = { endpointId: 'a', ca: authority.certificate, client: null };
const send = createSender(testEgress(), new AbortController().signal);
let receiver: RawReceiver | undefined;

afterEach(async () => {
  await receiver?.close();
  receiver = undefined;
});

async function healthOf(to: string, tls: TlsIdentity | null = null): Promise<boolean | null> {
  const exchange = await send({ url: `https://${to}/`, headers: {}, body: '{}', timeoutMs: 10_000, tls });
  const classified = classifyResult(exchange.result);
  expect(classified.outcome).toBe('network_error');
  expect(exchange.durationMs).toBeLessThan(1_000);
  return endpointHealth({ classified, exchange });
}

test('A connection whose TLS handshake fails at once shrinks the window of its endpoint', async () => {
  receiver = await startRawReceiver(() => undefined, server);
  expect(await healthOf(receiver.authority)).toBe(false);
  await receiver.close();
  receiver = await startRawReceiver(answering((socket) => void socket.resetAndDestroy()));
  expect(await healthOf(receiver.authority)).toBe(false);
  await receiver.close();
  receiver = await startRawReceiver(answering((socket) => void socket.end(`${OK}\r\n`)));
  expect(await healthOf(receiver.authority)).toBe(false);
});

async function reasonOf(to: string): Promise<string | null> {
  const { result } = await send({ url: `https://${to}/`, headers: {}, body: '{}', timeoutMs: 10_000, tls: null });
  return classifyResult(result).error;
}

test('A receiver that sends more than 24 KB of certificates is not listened to any further, and they are not verified', async () => {
  const many = { ...server, cert: [server.cert, ...Array<string>(200).fill(authority.certificate)].join('\n') };
  const few = { ...server, cert: [server.cert, ...Array<string>(20).fill(authority.certificate)].join('\n') };
  receiver = await startRawReceiver(() => undefined, many);
  expect(await reasonOf(receiver.authority)).toMatch(/^TLS: the receiver sent more than 24 KB .*POSTHORN_HANDSHAKE/);
  await receiver.close();
  receiver = await startRawReceiver(() => undefined, few);
  expect(await reasonOf(receiver.authority)).toMatch(/^TLS: the certificate .*CERT/);
});

test('Once the handshake is over, a connection may bring as much as its answers hold', async () => {
  const answer = `${OK}content-length: 12000\r\n\r\n${'a'.repeat(12_000)}`;
  receiver = await startRawReceiver((socket) => void socket.on('data', () => socket.write(answer)), server);
  const url = `https://${receiver.authority}/`;
  for (let round = 0; round < 4; round += 1) {
    const { result } = await send({ url, headers: {}, body: '{}', timeoutMs: 10_000, tls: pinned });
    expect(result).toEqual({ kind: 'answered', status: 200, bodyFault: null });
  }
  expect(receiver.received).toHaveLength(1);
});

test('A connection that is refused, or breaks off after its handshake, does not shrink it', async () => {
  expect(await healthOf(`127.0.0.1:${await claimPort()}`)).toBe(true);
  receiver = await startRawReceiver(
    answering((socket) => void socket.destroy()),
    server,
  );
  expect(await healthOf(receiver.authority, pinned)).toBe(true);
});
