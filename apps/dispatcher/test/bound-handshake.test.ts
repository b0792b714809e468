import { once } from 'node:events';
import { type AddressInfo, createServer, Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { type BoundHandshake, boundHandshake } from '../src/send/bound-handshake.ts';

const DEAR_MS = 40;

/** Has a socket receive a few bytes. @param work what is done with them, at once */
async function wasDear(work: () => void, before: (handshake: BoundHandshake) => void = () => undefined) {
  const server = createServer((socket) => void socket.end('hello')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = new Socket();
  const handshake = boundHandshake(socket);
  before(handshake);
  socket.on('data', work);
  socket.connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'close');
  server.close();
  return handshake.wasDear();
}

function compute(): void {
  const before = process.cpuUsage();
  const usedMs = () => process.cpuUsage(before).user / 1_000;
  while (usedMs() < DEAR_MS);
}

function standStill(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, DEAR_MS);
}

test('A handshake was dear if what arrived until its end took this process much work', async () => {
  expect(await wasDear(compute)).toBe(true);
  expect(await wasDear(compute, (handshake) => handshake.over())).toBe(false);
});

test('It was not dear because the process was kept waiting meanwhile', async () => {
  expect(await wasDear(standStill)).toBe(false);
});
