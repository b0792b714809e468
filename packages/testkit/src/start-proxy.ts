import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy on loopback that can stop passing anything on, or refuse to be connected to. */
export interface Proxy {
  /** The target's URL, by way of this proxy. */
  readonly url: string;
  /** `hang`: nothing passes and nothing ends; `refuse`: every connection is broken off. */
  mode(next: 'pass' | 'hang' | 'refuse'): void;
  close(): Promise<void>;
}

export async function startProxy(targetUrl: string): Promise<Proxy> {
  const target = new URL(targetUrl);
  const pairs = new Set<readonly [Socket, Socket]>();
  let mode: 'pass' | 'hang' | 'refuse' = 'pass';
  const server = createServer((client) => {
    client.on('error', () => undefined);
    if (mode === 'refuse') return void client.destroy();
    const upstream = connect(Number(target.port), target.hostname).on('error', () => client.destroy());
    const pair = [client, upstream] as const;
    pairs.add(pair);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    const pass = (from: Socket, to: Socket) => from.on('data', (chunk) => mode === 'pass' && to.write(chunk));
    pass(client, upstream);
    pass(upstream, client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(targetUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  const breakOff = () => {
    for (const sockets of pairs) for (const socket of sockets) socket.destroy();
    pairs.clear();
  };
  return {
    url: url.href,
    mode(next) {
      // What was swallowed while it hung is lost, so those connections are of no use any more.
      if (mode === 'hang' || next === 'refuse') breakOff();
      mode = next;
    },
    async close() {
      breakOff();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
