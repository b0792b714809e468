import { type AddressInfo, connect, createServer } from 'node:net';
import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { afterAll, expect, test } from '@jest/globals';
import { eventually } from '../src/eventually.ts';
import { startProxy } from '../src/start-proxy.ts';

const PIECES = Array.from({ length: 60 }, (_, index) => `${index} `);

let heard = '';
const server = createServer((socket) => socket.on('data', (chunk: Buffer) => void (heard += chunk.toString())));
afterAll(() => void server.close());

test('A stream keeps its order, also where it is slow no more', async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy = await startProxy(`redis://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const client = connect(Number(new URL(proxy.url).port), '127.0.0.1').setNoDelay();
  for (const [index, piece] of PIECES.entries()) {
    proxy.slow(index % 3 === 2 ? 0 : 20);
    await new Promise<void>((resolve) => client.write(piece, () => resolve()));
    // So that the proxy reads it as it is now, fast or slow.
    for (let turns = 0; turns < 5; turns += 1) await turnOfLoop();
  }
  const said = PIECES.join('');
  await eventually(() => heard.length === said.length);
  expect(heard).toBe(said);
  client.destroy();
  await proxy.close();
});
