import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A TCP proxy on loopback that can stop passing anything on, or refuse to be connected to. */
export interface Proxy {
  /** The target's URL, by way of this proxy. */
  readonly url: string;
  /** `hang`: nothing passes and nothing ends; `refuse`: every connection is broken off. */
  mode(next: 'pass' | 'hang' | 'refuse'): void;
  /** From the next answer on that holds this text, it hangs; that answer still passes. */
  hangAfter(text: string): void;
  /** Of what is connected now nothing passes any more and nothing ends; new connections are of use. */
  strand(): void;
  /** Breaks off every connection; new ones are let in. */
  cut(): void;
  /** Everything arrives this much later, each way, in ms. */
  slow(ms: number): void;
  close(): Promise<void>;
}

export async function startProxy(targetUrl: string): Promise<Proxy> {
  const target = new URL(targetUrl);
  const pairs = new Set<readonly [Socket, Socket]>();
  let mode: 'pass' | 'hang' | 'refuse' = 'pass';
  const stranded = new Set<Socket>();
  let hangAfter: string | null = null;
  let delayMs = 0;
  const server = createServer((client) => {
    client.on('error', () => undefined);
    if (mode === 'refuse') return void client.destroy();
    const upstream = connect(Number(target.port), target.hostname).on('error', () => client.destroy());
    const pair = [client, upstream] as const;
    pairs.add(pair);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    const forward = (to: Socket, chunk: Buffer) => {
      if (mode !== 'pass' || to.destroyed || stranded.has(client)) return;
      to.write(chunk);
      if (to !== client || hangAfter === null || !chunk.includes(hangAfter)) return;
      hangAfter = null;
      mode = 'hang';
    };
    const pass = (from: Socket, to: Socket) => {
      let before = Promise.resolve();
      let underWay = 0;
      from.on('data', (chunk: Buffer) => {
        if (delayMs === 0 && underWay === 0) return forward(to, chunk);
        // Also what is not slowed any more waits for what was: a stream keeps its order.
        underWay += 1;
        before = Promise.all([before, delay(delayMs)]).then(() => {
          underWay -= 1;
          forward(to, chunk);
        });
      });
    };
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
    hangAfter(text) {
      hangAfter = text;
    },
    strand() {
      for (const [client] of pairs) stranded.add(client);
    },
    cut: breakOff,
    slow(ms) {
      delayMs = ms;
    },
    async close() {
      breakOff();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
