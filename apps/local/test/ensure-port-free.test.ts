import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { freePort } from '@posthorn/local-services/free-port';
import { ensurePortFree } from '../src/ensure-port-free.ts';

test('a taken port is refused with the setting to change', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await expect(ensurePortFree(port, 'DISPATCHER_PORT')).rejects.toThrow(
    `Port ${port} is taken by another program. Free it, or choose another one: DISPATCHER_PORT=`,
  );
  server.close();
});

test('a free port is left free', async () => {
  const port = await freePort();
  await expect(ensurePortFree(port, 'PORT')).resolves.toBeUndefined();
  await expect(ensurePortFree(port, 'PORT')).resolves.toBeUndefined();
});
