import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

/** A server on loopback that speaks whatever a test makes it speak. */
export interface RawReceiver {
  /** `host:port`. */
  readonly authority: string;
  /** What each connection sent, in the order of connections. */
  readonly received: string[];
  close(): Promise<void>;
}

export type Serve = (socket: Socket, connection: number) => void;

/** @param tls speaks TLS with these options */
export async function startRawReceiver(serve: Serve, tls?: TlsOptions): Promise<RawReceiver> {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  const take = (socket: Socket): void => {
    const connection = received.push('') - 1;
    socket.on('data', (chunk: Buffer) => (received[connection] += chunk.toString('latin1')));
    serve(socket, connection);
  };
  const server: Server = tls ? createTlsServer(tls, take).on('tlsClientError', () => undefined) : createServer(take);
  server.on('connection', keep);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    authority: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
