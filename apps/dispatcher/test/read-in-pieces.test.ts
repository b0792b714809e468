import { Duplex } from 'node:stream';
import { expect, test } from '@jest/globals';
import { readInPieces } from '../src/send/read-in-pieces.ts';

const ARRIVED = Buffer.from(Array.from({ length: 10_000 }, (_, index) => index % 251));

async function read(onPiece: (socket: Duplex) => void): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  const socket = new Duplex({ read: () => undefined, write: () => undefined });
  readInPieces(socket);
  socket.on('data', (piece: Buffer) => {
    pieces.push(piece);
    onPiece(socket);
  });
  socket.resume();
  await new Promise(setImmediate);
  socket.push(ARRIVED);
  await new Promise(setImmediate);
  return pieces;
}

test('What arrives at once is parsed in pieces of 2 KB at the most, whole and in order', async () => {
  const pieces = await read(() => undefined);
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(2_048);
  expect(Buffer.concat(pieces)).toEqual(ARRIVED);
});

test.each([
  ['destroyed', (socket: Duplex) => void socket.destroy()],
  ['paused', (socket: Duplex) => void socket.pause()],
])('Of what has arrived nothing more is parsed once the connection is %s', async (_, stop) => {
  expect(await read(stop)).toHaveLength(1);
});
