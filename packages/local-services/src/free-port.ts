import { createServer } from 'node:net';

/**
 * Below the ports that systems give to outgoing connections and to servers that ask for any port (Linux: from 32768, others:
 * from 49152). Among those a port that is free now may be gone in a moment, and a client that asks again and again for a
 * server that is away may be connected to itself, so that the server finds its own port taken when it comes back.
 */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_767;

/** Both ends are in it. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

const lastGiven = new Map<string, number>();

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/**
 * A TCP port of 127.0.0.1 that nothing listened on a moment ago, and that this process was not given lately. Another process
 * may still take it first.
 *
 * @throws when every port of the range is taken
 */
export async function freePort({ first, last }: PortRange = { first: FIRST_PORT, last: LAST_PORT }): Promise<number> {
  const size = last - first + 1;
  const range = `${first}-${last}`;
  for (let tried = 0; tried < size; tried += 1) {
    const before = lastGiven.get(range) ?? first + Math.floor(Math.random() * size);
    const port = first + ((before + 1 - first) % size);
    lastGiven.set(range, port);
    if (await isFree(port)) return port;
  }
  throw new Error(`Every port from ${first} to ${last} of 127.0.0.1 is taken`);
}
