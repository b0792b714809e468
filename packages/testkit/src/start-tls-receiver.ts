import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

/** One request as it arrived over TLS. */
export interface TlsRequest {
  /** Which connection it came over, from 1. */
  readonly connection: number;
  /** The client certificate's common name; `null` when none was shown. */
  readonly client: string | null;
}

/** A real HTTPS server on loopback that answers 204 and keeps who came over which connection. */
export interface TlsReceiver {
  readonly url: string;
  readonly requests: TlsRequest[];
  close(): Promise<void>;
}

/** @param options its certificate and key; `requestCert`, and `ca` for clients, where it asks for certificates */
export async function startTlsReceiver(options: ServerOptions): Promise<TlsReceiver> {
  const requests: TlsRequest[] = [];
  const connections = new Map<Socket, number>();
  let connected = 0;
  const server = createServer(options, (request, response) => {
    const socket = request.socket as TLSSocket;
    const subject = socket.getPeerCertificate().subject as { CN?: string } | undefined;
    requests.push({ connection: connections.get(socket) ?? 0, client: subject?.CN ?? null });
    request.resume();
    request.once('end', () => response.writeHead(204).end());
  });
  server.on('secureConnection', (socket) => {
    connected += 1;
    connections.set(socket, connected);
    socket.on('close', () => connections.delete(socket));
  });
  // A client that refuses our certificate, or brings none, is what some tests are about.
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
