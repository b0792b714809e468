import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { freePort } from '../src/free-port.ts';

/** What Linux gives to outgoing connections; other systems begin higher. */
const [firstEphemeral = 32_768] =
  process.platform === 'linux'
    ? readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/).map(Number)
    : [];

test('Ports are none that outgoing connections get, and each is given once', async () => {
  const ports = await Promise.all(Array.from({ length: 200 }, () => freePort()));
  expect(Math.max(...ports)).toBeLessThan(firstEphemeral);
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
