import { once } from 'node:events';
import { type AddressInfo, createServer, Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { expect, test } from '@jest/globals';
import { type BoundHandshake, boundHandshake } from '../src/send/bound-handshake.ts';

/** Has a socket receive a few bytes, which take this long to work through. */
async function workedThrough(busyMs: number, before: (handshake: BoundHandshake) => void): Promise<boolean> {
  const server = createServer((socket) => void socket.end('hello')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = new Socket();
  const handshake = boundHandshake(socket);
  before(handshake);
  socket.on('data', () => {
    const until = performance.now() + busyMs;
    while (performance.now() < until);
  });
  socket.connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'close');
  server.close();
  return handshake.wasDear();
}

test('A handshake was dear if working through what arrived until its end took long', async () => {
  expect(await workedThrough(40, () => undefined)).toBe(true);
  expect(await workedThrough(0, () => undefined)).toBe(false);
  expect(await workedThrough(40, (handshake) => handshake.over())).toBe(false);
});
