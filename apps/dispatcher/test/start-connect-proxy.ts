import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A real HTTP proxy on loopback that only knows CONNECT. */
export interface ConnectProxy {
  readonly port: number;
  /** What was asked of it: the target, and the credentials that came with it. */
  readonly asked: { target: string; authorization: string | undefined }[];
  close(): Promise<void>;
}

/** What it does instead of connecting. */
export type Refusal = (client: Socket, request: IncomingMessage) => void;

export async function startConnectProxy(refuse?: Refusal): Promise<ConnectProxy> {
  const asked: ConnectProxy['asked'] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    return socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  const server = createServer();
  server.on('connection', keep);
  server.on('connect', (request, socket: Socket) => {
    const target = request.url ?? '';
    asked.push({ target, authorization: request.headers['proxy-authorization'] });
    if (refuse) return refuse(socket, request);
    const { hostname, port } = new URL(`http://${target}`);
    // Whatever is asked of it, nothing leaves this machine.
    if (!hostname.startsWith('127.')) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const upstream = keep(connect(Number(port), hostname));
    upstream.once('connect', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(upstream).pipe(socket);
    });
    socket.once('close', () => upstream.destroy());
    upstream.once('close', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
