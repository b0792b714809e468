import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { freePort } from '../src/free-port.ts';

/** Where Linux begins unless it is told otherwise; other systems begin higher. */
const FIRST_EPHEMERAL = 32_768;

test('Ports are none that outgoing connections get, and each is given once', async () => {
  const ports = await Promise.all(Array.from({ length: 200 }, () => freePort()));
  expect(Math.max(...ports)).toBeLessThan(FIRST_EPHEMERAL);
  expect(new Set(ports).size).toBe(ports.length);
});

test('A port that is taken is passed over, and a range without a free one is an error', async () => {
  const port = await freePort();
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  expect(await freePort({ first: port, last: port + 20 })).not.toBe(port);
  await expect(freePort({ first: port, last: port })).rejects.toThrow(`Every port from ${port} to ${port}`);
  server.close();
});
